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

    private IEnumerable<string> Needed() => programs.CredentialProfiles.SelectMany(KeysOf).Concat(network.Endpoints.SelectMany(KeysOf));

    private static IEnumerable<string> KeysOf(CredentialProfile profile) =>
        [profile.ValueKey, profile.TrackKey, profile.CryptogramKey, .. profile.CryptogramKeys.Values, profile.IntegrityKey, profile.PinKey];

    // With a zone master key the others may be still to come from the network.
    private static IEnumerable<string> KeysOf(EndpointSettings endpoint) =>
        endpoint.ZoneMasterKey.Length > 0 ? [endpoint.ZoneMasterKey] : [endpoint.PinKey, endpoint.MacKey];
}
