using Processor.Authorization;
using Processor.Cards;
using Processor.Security;
using Processor.Switch;

namespace Processor.Host;

/// <summary>Whether the security module can do what programs and endpoints of this host need of it.</summary>
internal sealed class SecurityReadiness(SecurityModule module, ProgramDirectory programs, SwitchSettings network, ProcessorOptions options)
{
    /// <summary>What is wrong, as a sentence with names of keys and nothing secret; null when nothing is, or nothing is needed.</summary>
    internal async ValueTask<string?> FindProblemAsync(CancellationToken cancellation)
    {
        if (!options.Has("switch"))
            return null;
        var needed = Needed().Where(name => name.Length > 0).ToHashSet(StringComparer.Ordinal);
        if (needed.Count == 0)
            return null;
        var status = await module.Hsm.CheckHealthAsync(cancellation);
        if (status != HsmStatus.Ok)
            return $"The security module cannot be asked ({status}).";
        foreach (var name in needed.Order(StringComparer.Ordinal))
        {
            if (!await module.HasKeyAsync(name, cancellation))
                return $"The security module has no active key {name}.";
        }

        return null;
    }

    /// <summary>Which keys of links the network has not sent yet, as a sentence with their names; null when it has sent all. The host is ready without them,
    /// for they come over the link itself, but until they do it opens no PIN and checks no code.</summary>
    internal async ValueTask<string?> FindAwaitedAsync(CancellationToken cancellation)
    {
        if (!options.Has("switch"))
            return null;
        var missing = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var name in network.Endpoints.Where(MayTakeKeys).SelectMany(LinkKeysOf).Where(name => name.Length > 0))
        {
            if (!await module.HasKeyAsync(name, cancellation))
                missing.Add(name);
        }

        return missing.Count == 0 ? null : $"The network has not sent {string.Join(", ", missing)} yet.";
    }

    private IEnumerable<string> Needed() => programs.CredentialProfiles.SelectMany(KeysOf).Concat(network.Endpoints.SelectMany(KeysOf));

    private static IEnumerable<string> KeysOf(CredentialProfile profile) =>
        [profile.ValueKey, profile.TrackKey, profile.CryptogramKey, .. profile.CryptogramKeys.Values, profile.IntegrityKey, profile.PinKey, profile.PinEntryKey, profile.ConfidentialityKey, profile.ChipPinKey];

    // With a zone master key the others may be still to come from the network, unless this module takes none: a device's are in the settings.
    private IEnumerable<string> KeysOf(EndpointSettings endpoint) =>
        MayTakeKeys(endpoint) ? [endpoint.ZoneMasterKey] : [endpoint.ZoneMasterKey, .. LinkKeysOf(endpoint)];

    private bool MayTakeKeys(EndpointSettings endpoint) => endpoint.ZoneMasterKey.Length > 0 && module.Keys is not null;

    private static IEnumerable<string> LinkKeysOf(EndpointSettings endpoint) => [endpoint.PinKey, endpoint.MacKey];
}
