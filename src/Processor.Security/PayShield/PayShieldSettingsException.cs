namespace Processor.Security;

/// <summary>A setting of the payShield adapter is wrong. The message names the key and never the value of a key token; the process does not start.</summary>
public sealed class PayShieldSettingsException : Exception
{
    /// <summary>Names the key and says what is wrong with it.</summary>
    /// <param name="key">As in configuration: <c>Processor:SecurityModule:PayShield:Port</c>.</param>
    /// <param name="problem">A clause that follows the key.</param>
    public PayShieldSettingsException(string key, string problem)
        : base($"{key}: {problem}")
    {
    }

    /// <summary>Names the key, says what is wrong with it, and what was found to be.</summary>
    public PayShieldSettingsException(string key, string problem, Exception innerException)
        : base($"{key}: {problem}", innerException)
    {
    }
}
