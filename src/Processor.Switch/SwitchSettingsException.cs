namespace Processor.Switch;

/// <summary>A setting of the switch, or one of its tables, is wrong. The message names the key; the process does not start.</summary>
public sealed class SwitchSettingsException : Exception
{
    /// <summary>Names the key and says what is wrong with it.</summary>
    /// <param name="key">As in configuration: <c>Processor:Endpoints:0:Port</c>; or file and key of a table.</param>
    /// <param name="problem">A clause that follows the key.</param>
    public SwitchSettingsException(string key, string problem)
        : base($"{key}: {problem}")
    {
    }

    /// <summary>Names the key, says what is wrong with it, and what was found to be.</summary>
    public SwitchSettingsException(string key, string problem, Exception innerException)
        : base($"{key}: {problem}", innerException)
    {
    }
}
