using Processor.Security;

namespace Processor.Host;

/// <summary>The section <c>Processor:SecurityModule</c>: what checks PINs, card values and cryptograms.</summary>
public sealed class SecurityModuleSettings
{
    /// <summary><c>software</c>: the module in this process. <c>payshield</c>: a device. <c>none</c>: there is none, and whatever must be checked is declined.</summary>
    public string Kind { get; set; } = "software";

    /// <summary>The software module's file of keys; without one its keys are gone when the host stops.</summary>
    public string KeyFile { get; set; } = "";

    /// <summary>Two or three files, each with a component of the master key that the key file is under.</summary>
    public IList<string> Components { get; init; } = [];

    /// <summary>Lets the software module work with PINs where <see cref="ProcessorOptions.Demo"/> is off: it says that PCI PIN, which asks for a
    /// device, does not apply.</summary>
    public bool AllowsPin { get; set; }

    /// <summary>Lets the software module take keys in key blocks of versions A and C, which ANSI X9.143 deprecates: for a network whose 0800 still has
    /// them. They are never made.</summary>
    public bool ImportsOldKeyBlocks { get; set; }

    /// <summary>The device, for <c>payshield</c>.</summary>
    public PayShieldSettings PayShield { get; init; } = new();

    /// <summary>Checks the section.</summary>
    /// <exception cref="InvalidOperationException">A value is missing or cannot be used; the message names its key.</exception>
    internal void Validate(string key)
    {
        if (Kind is not ("software" or "payshield" or "none"))
            throw new InvalidOperationException($"{key}:{nameof(Kind)} is '{Kind}', which is not one of software, payshield, none.");
        if (Kind == "software" && KeyFile.Length > 0 && Components.Count is not (2 or 3))
            throw new InvalidOperationException($"{key}:{nameof(Components)} names {Components.Count} files; the master key has two or three components.");
        if (Kind == "payshield")
            ValidateDevice();
    }

    private void ValidateDevice()
    {
        try
        {
            PayShield.Validate();
        }
        catch (PayShieldSettingsException refusal)
        {
            throw new InvalidOperationException(refusal.Message, refusal);
        }
    }
}
