using System.Net;

namespace Processor.Switch;

/// <summary>One address on which a network's messages come in, and how they are read and answered.</summary>
public sealed class EndpointSettings
{
    /// <summary>What logs and metrics call it.</summary>
    public string Name { get; set; } = "";

    /// <summary>IP address to listen on.</summary>
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>TCP port; 0 takes any free one.</summary>
    public int Port { get; set; }

    /// <summary>A file under <c>specs/iso8583</c>, without its ending.</summary>
    public string Dialect { get; set; } = "iso87-ascii";

    /// <summary>How messages are told apart: <c>binary-2</c>, <c>ascii-4+inclusive</c>, <c>binary-2+tpdu</c>; see <see cref="Iso8583.FramingNames"/>.</summary>
    public string Framing { get; set; } = "binary-2";

    /// <summary>The longest message in bytes, without its length; a longer one means that framing is lost.</summary>
    public int FrameLengthMax { get; set; } = Iso8583.Framing.FrameLengthMaxDefault;

    /// <summary>A file under <c>specs/echo</c>, without its ending.</summary>
    public string Echo { get; set; } = "iso87";

    /// <summary>A file under <c>specs/response-codes</c>, without its ending.</summary>
    public string ResponseCodes { get; set; } = "default";

    /// <summary><c>dual</c>: 0100 holds and clearing posts. <c>single</c>: 0200 and 0220 post at once.</summary>
    public string Mode { get; set; } = "dual";

    /// <summary>Number of the network's profile, 1 to 65,535: requests of two networks are never repeats of each other.</summary>
    public int Network { get; set; } = 1;

    /// <summary>What programs are told that network is called; <c>network-</c> and its number when empty.</summary>
    public string NetworkName { get; set; } = "";

    /// <summary>The security module's name of the key under which this network's PIN blocks (DE 52) are; empty when it sends none.</summary>
    public string PinKey { get; set; } = "";

    /// <summary>The security module's name of the key under which this network sends new keys in 0800; empty when none are taken.</summary>
    public string ZoneMasterKey { get; set; } = "";

    /// <summary>Format of its PIN blocks by ISO 9564-1, where DE 53 does not name one: 0, 1, 3 or 4.</summary>
    public int PinFormat { get; set; }

    /// <summary>The security module's name of the key for authentication codes (DE 64 and DE 128); empty when messages carry none.</summary>
    public string MacKey { get; set; } = "";

    /// <summary><c>iso9797-1-alg1</c>, <c>iso9797-1-alg3</c>, <c>cmac</c> (TDES or AES, as the key has it) or <c>hmac-sha256</c>.</summary>
    public string MacAlgorithm { get; set; } = "iso9797-1-alg3";

    /// <summary>Padding method of ISO 9797-1: 1, 2 or 3. CMAC and HMAC have their own.</summary>
    public int MacPadding { get; set; } = 1;

    /// <summary>The leftmost bytes of a code that messages carry, 4 or more; 0 for as many as DE 64 has, and 8 at most.</summary>
    public int MacLength { get; set; }

    /// <summary>Where the code's cover begins: at the <c>mti</c>, or at the dialect's <c>header</c>. It ends before the code's element.</summary>
    public string MacFrom { get; set; } = "mti";

    /// <summary>What is done with the codes that come in: <c>required</c>, <c>present</c> (checked when there is one) or <c>ignored</c>.</summary>
    public string MacCheck { get; set; } = "required";

    /// <summary>Requests of one connection that may wait for their answer at a time; beyond it the connection is not read.</summary>
    public int InFlightMax { get; set; } = 1024;

    /// <summary>Milliseconds from the arrival of a request to its answer, 10 to 60,000.</summary>
    public int DeadlineMilliseconds { get; set; } = 2000;

    /// <summary>Bytes of answers that a slow peer may leave unread before its connection is closed.</summary>
    public int OutputMax { get; set; } = 4 * 1024 * 1024;

    /// <summary>True when a connection has to sign on (0800, DE 70 001) before it is served.</summary>
    public bool RequiresSignOn { get; set; }

    /// <summary>Checks what can be checked without opening anything.</summary>
    /// <param name="key">Where this stands in the configuration, for the message.</param>
    /// <exception cref="SwitchSettingsException">A value cannot be used.</exception>
    public void Validate(string key)
    {
        if (string.IsNullOrWhiteSpace(Name))
            throw new SwitchSettingsException($"{key}:{nameof(Name)}", "an endpoint has a name.");
        if (!IPAddress.TryParse(Address, out _))
            throw new SwitchSettingsException($"{key}:{nameof(Address)}", $"{Address} is not an IP address.");
        CheckRange(key, nameof(Port), Port, 0, ushort.MaxValue);
        CheckRange(key, nameof(FrameLengthMax), FrameLengthMax, 64, 65_535);
        CheckRange(key, nameof(Network), Network, 1, ushort.MaxValue);
        CheckRange(key, nameof(InFlightMax), InFlightMax, 1, 1_000_000);
        CheckRange(key, nameof(DeadlineMilliseconds), DeadlineMilliseconds, 10, 60_000);
        CheckRange(key, nameof(OutputMax), OutputMax, 2 * FrameLengthMax, 1 << 30);
        if (PinFormat is not (0 or 1 or 3 or 4))
            throw new SwitchSettingsException($"{key}:{nameof(PinFormat)}", $"{PinFormat} is not one of 0, 1, 3, 4.");
        if (MacCheck is not ("required" or "present" or "ignored"))
            throw new SwitchSettingsException($"{key}:{nameof(MacCheck)}", $"{MacCheck} is not one of required, present, ignored.");
        if (MacFrom is not ("mti" or "header"))
            throw new SwitchSettingsException($"{key}:{nameof(MacFrom)}", $"{MacFrom} is not one of mti, header.");
        CheckRange(key, nameof(MacPadding), MacPadding, 1, 3);
        CheckRange(key, nameof(MacLength), MacLength, 0, 32);
        if (Mode is not ("dual" or "single"))
            throw new SwitchSettingsException($"{key}:{nameof(Mode)}", $"{Mode} is not one of dual, single.");
    }

    private static void CheckRange(string key, string name, int value, int low, int high)
    {
        if (value < low || value > high)
            throw new SwitchSettingsException($"{key}:{name}", $"{value} is not within {low} and {high}.");
    }
}
