using System.Net;
using Processor.Authorization;
using Processor.Iso8583;

namespace Processor.Switch;

/// <summary>An endpoint's settings, compiled. Immutable; one instance serves all of its connections.</summary>
public sealed class Endpoint
{
    /// <summary>Room that an answer takes beyond what it repeats: DE 38, 39, 54, 55, 64 or 128, their lengths, and a second bitmap.</summary>
    private const int OwnElementsLength = 384;

    /// <summary>Loads dialect and tables.</summary>
    /// <param name="settings">Valid ones: see <see cref="EndpointSettings.Validate"/>.</param>
    /// <exception cref="SwitchSettingsException">A table or the framing cannot be used.</exception>
    /// <exception cref="DialectException">The dialect cannot be used.</exception>
    public Endpoint(EndpointSettings settings)
    {
        Name = settings.Name;
        Address = new(IPAddress.Parse(settings.Address), settings.Port);
        Dialect = Dialect.LoadNamed(settings.Dialect);
        try
        {
            Framing = Framing.Parse(settings.Framing, settings.FrameLengthMax);
        }
        catch (FormatException exception)
        {
            throw new SwitchSettingsException($"{settings.Name}:{nameof(EndpointSettings.Framing)}", exception.Message, exception);
        }

        Echo = EchoTable.LoadNamed(settings.Echo);
        ResponseCodes = ResponseCodeTable.LoadNamed(settings.ResponseCodes);
        Mode = settings.Mode == "single" ? EndpointMode.Single : EndpointMode.Dual;
        Network = (ushort)settings.Network;
        PinKey = settings.PinKey;
        PinFormat = settings.PinFormat;
        Mac = LinkMac.Of(settings, Dialect);
        Keys = new(settings.PinKey, Mac?.Plan, settings.ZoneMasterKey);
        NetworkName = settings.NetworkName.Length > 0 ? settings.NetworkName : $"network-{settings.Network}";
        InFlightMax = settings.InFlightMax;
        DeadlineMilliseconds = settings.DeadlineMilliseconds;
        OutputMax = settings.OutputMax;
        RequiresSignOn = settings.RequiresSignOn;
    }

    /// <summary>What logs and metrics call it.</summary>
    public string Name { get; }

    /// <summary>Where it listens.</summary>
    public IPEndPoint Address { get; }

    /// <summary>How its messages are written.</summary>
    public Dialect Dialect { get; }

    internal Framing Framing { get; }

    internal EchoTable Echo { get; }

    /// <summary>What the network hears in DE 39.</summary>
    public ResponseCodeTable ResponseCodes { get; }

    internal EndpointMode Mode { get; }

    /// <summary>Number of the network's profile.</summary>
    public ushort Network { get; }

    /// <summary>What programs are told that the network is called.</summary>
    public string NetworkName { get; }

    /// <summary>The security module's name of the link's key for PINs; empty when there is none.</summary>
    internal string PinKey { get; }

    /// <summary>The link's keys that the network may change.</summary>
    internal LinkKeys Keys { get; }

    /// <summary>How its messages carry authentication codes; null when they do not.</summary>
    internal LinkMac? Mac { get; }

    /// <summary>Format of PIN blocks by ISO 9564-1, where DE 53 does not name one.</summary>
    internal int PinFormat { get; }

    internal int InFlightMax { get; }

    internal int DeadlineMilliseconds { get; }

    internal int OutputMax { get; }

    internal bool RequiresSignOn { get; }

    /// <summary>Bytes that hold any answer to a request of a length, its frame header included.</summary>
    internal int AnswerLengthMax(int requestLength) => Framing.HeaderLength + requestLength + OwnElementsLength + Framing.TrailerLength;
}
