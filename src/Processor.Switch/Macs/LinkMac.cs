using Processor.Authorization;
using Processor.Iso8583;

namespace Processor.Switch;

/// <summary>How an endpoint's messages carry authentication codes. Compiled once.</summary>
internal sealed class LinkMac
{
    private LinkMac(MacPlan plan, MacPolicy policy, bool coversHeader)
    {
        Plan = plan;
        Policy = policy;
        CoversHeader = coversHeader;
    }

    /// <summary>How codes are made.</summary>
    internal MacPlan Plan { get; }

    /// <summary>What is done with those that come in.</summary>
    internal MacPolicy Policy { get; }

    private bool CoversHeader { get; }

    /// <summary>Compiles an endpoint's settings.</summary>
    /// <returns>Null when the endpoint has no key.</returns>
    /// <exception cref="SwitchSettingsException">A setting means nothing, or the dialect has no room for a code.</exception>
    internal static LinkMac? Of(EndpointSettings settings, Dialect dialect)
    {
        if (settings.MacKey.Length == 0)
            return null;
        var room = dialect.MacLength;
        if (room == 0)
            throw new SwitchSettingsException($"{settings.Name}:{nameof(EndpointSettings.MacKey)}", $"dialect {dialect.Name} does not have DE 64 and DE 128 as fixed bytes.");
        var length = settings.MacLength == 0 ? Math.Min(room, 8) : settings.MacLength;
        if (length > room)
            throw new SwitchSettingsException($"{settings.Name}:{nameof(EndpointSettings.MacLength)}", $"{length} bytes are more than DE 64 of {dialect.Name} has.");
        try
        {
            var policy = settings.MacCheck switch { "required" => MacPolicy.Required, "present" => MacPolicy.Present, _ => MacPolicy.Ignored };
            return new(new MacPlan(settings.MacKey, settings.MacAlgorithm, settings.MacPadding, length), policy, settings.MacFrom == "header");
        }
        catch (ArgumentException exception)
        {
            throw new SwitchSettingsException($"{settings.Name}:{nameof(EndpointSettings.MacAlgorithm)}, {nameof(EndpointSettings.MacPadding)}, {nameof(EndpointSettings.MacLength)}", exception.Message, exception);
        }
    }

    /// <summary>What the code covers: from the MTI, or from the dialect's header, to what stands before the code.</summary>
    internal ReadOnlyMemory<byte> CoveredOf(ReadOnlyMemory<byte> message, in MacPlace place) =>
        message[(CoversHeader ? 0 : place.MtiOffset)..place.Offset];
}
