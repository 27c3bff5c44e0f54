using System.Globalization;

namespace Processor.Security;

/// <summary>Where a payShield is, how its host port is set up, and under which names its keys are known here.</summary>
public sealed class PayShieldSettings
{
    /// <summary>The configuration section; problems name its keys.</summary>
    public const string Section = "Processor:SecurityModule:PayShield";

    /// <summary>Name or address of the device. Required.</summary>
    public string Host { get; set; } = "";

    /// <summary>Its host port; with TLS usually 2500.</summary>
    public int Port { get; set; } = 1500;

    /// <summary>Connections that are kept open, 1 to 64.</summary>
    public int Connections { get; set; } = 2;

    /// <summary>Characters of the header before every command, as the device is configured: 4 to 64.</summary>
    public int HeaderLength { get; set; } = 8;

    /// <summary>Whether the two length bytes count the header, as newer firmware has it.</summary>
    public bool LengthCountsHeader { get; set; } = true;

    /// <summary>How long a command may take, in milliseconds. An answer that comes later is thrown away.</summary>
    public int TimeoutMilliseconds { get; set; } = 1_000;

    /// <summary>Commands that may wait for an answer, over all connections. One more is <see cref="HsmStatus.Throttled"/>.</summary>
    public int InFlightMax { get; set; } = 256;

    /// <summary>How long connecting may take, with TLS, in milliseconds.</summary>
    public int ConnectMilliseconds { get; set; } = 3_000;

    /// <summary>The first pause before connecting again, in milliseconds; it doubles each time.</summary>
    public int ReconnectMilliseconds { get; set; } = 100;

    /// <summary>The longest pause before connecting again, in milliseconds.</summary>
    public int ReconnectMillisecondsMax { get; set; } = 10_000;

    /// <summary>Commands without an answer, one after the other, at which the breaker opens.</summary>
    public int FailuresToOpen { get; set; } = 10;

    /// <summary>How long an open breaker refuses everything before it lets one command try, in milliseconds.</summary>
    public int ProbeMilliseconds { get; set; } = 1_000;

    /// <summary>Whether the connection is TLS 1.2 or 1.3.</summary>
    public bool UsesTls { get; set; }

    /// <summary>The name in the device's certificate; empty for <see cref="Host"/>.</summary>
    public string TlsName { get; set; } = "";

    /// <summary>A PEM file with the authorities that may have signed the device's certificate; empty for those of the machine.</summary>
    public string TlsAuthorityFile { get; set; } = "";

    /// <summary>A PEM file with our certificate and its key; empty when the device does not ask for one.</summary>
    public string TlsCertificateFile { get; set; } = "";

    /// <summary>Three hexadecimal digits: how many digits of a DUKPT serial number are the base key's, the sub-key's and the device's.</summary>
    public string KsnDescriptor { get; set; } = "A05";

    /// <summary>Whether error code 02 of an IBM 3624 verification, which only warns of the length of the verification key, means that the PIN is right.</summary>
    public bool TakesKeyLengthWarning { get; set; }

    /// <summary>Names of keys, each with what the device knows it by: <c>U</c> and 32 hexadecimal digits, <c>S</c> and a key block, or <c>K</c> and a place in
    /// its user storage. A version is written behind the name: <c>zpk@2</c>.</summary>
    public IDictionary<string, string> Keys { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Checks every value.</summary>
    /// <exception cref="PayShieldSettingsException">One cannot be used; the message names its key.</exception>
    public void Validate()
    {
        if (string.IsNullOrWhiteSpace(Host))
            throw Problem(nameof(Host), "is missing.");
        Check(Port, 1, ushort.MaxValue, nameof(Port));
        Check(Connections, 1, 64, nameof(Connections));
        Check(HeaderLength, PayShieldFrame.HeaderLengthMin, PayShieldFrame.HeaderLengthMax, nameof(HeaderLength));
        Check(TimeoutMilliseconds, 1, 60_000, nameof(TimeoutMilliseconds));
        Check(InFlightMax, 1, 10_000, nameof(InFlightMax));
        Check(ConnectMilliseconds, 1, 60_000, nameof(ConnectMilliseconds));
        Check(ReconnectMilliseconds, 1, 60_000, nameof(ReconnectMilliseconds));
        Check(ReconnectMillisecondsMax, ReconnectMilliseconds, 600_000, nameof(ReconnectMillisecondsMax));
        Check(FailuresToOpen, 1, 10_000, nameof(FailuresToOpen));
        Check(ProbeMilliseconds, 1, 600_000, nameof(ProbeMilliseconds));
        if (KsnDescriptor.Length != 3 || !KsnDescriptor.All(char.IsAsciiHexDigit))
            throw Problem(nameof(KsnDescriptor), "is not three hexadecimal digits.");
        CheckFile(TlsAuthorityFile, nameof(TlsAuthorityFile));
        CheckFile(TlsCertificateFile, nameof(TlsCertificateFile));
        foreach (var (name, token) in Keys)
        {
            if (!PayShieldKeys.TryName(name, out _))
                throw Problem($"{nameof(Keys)}:{name}", "is not 1 to 64 letters, digits, dots and hyphens, and perhaps @ and a version from 1.");
            if (!PayShieldKeys.IsToken(token))
                throw Problem($"{nameof(Keys)}:{name}", "has a value that is neither a key under the device's master key nor a key block nor a place in user storage.");
        }
    }

    /// <inheritdoc/>
    public override string ToString() => "PayShieldSettings ****";

    private static void Check(int value, int low, int high, string key)
    {
        if (value < low || value > high)
            throw Problem(key, string.Create(CultureInfo.InvariantCulture, $"{value} is not within {low} and {high}."));
    }

    private static void CheckFile(string path, string key)
    {
        if (path.Length != 0 && !File.Exists(path))
            throw Problem(key, $"there is no file {path}.");
    }

    private static PayShieldSettingsException Problem(string key, string problem) => new($"{Section}:{key}", problem);
}
