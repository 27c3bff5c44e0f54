namespace Processor.Switch;

/// <summary>The endpoints of a host.</summary>
public sealed class SwitchSettings
{
    /// <summary>The configuration section in which <see cref="Endpoints"/> stands; problems name its keys.</summary>
    public const string Section = "Processor";

    /// <summary>Where messages come in; at least one for a host that has the role.</summary>
    public IList<EndpointSettings> Endpoints { get; init; } = [];

    /// <summary>Checks every endpoint, that names and addresses are not given twice, and that a network has one name and hears one table.</summary>
    /// <exception cref="SwitchSettingsException">A value cannot be used; the message names its key.</exception>
    public void Validate()
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var addresses = new HashSet<(string Address, int Port)>();
        var networks = new Dictionary<int, EndpointSettings>();
        for (var index = 0; index < Endpoints.Count; index++)
        {
            var key = $"{Section}:{nameof(Endpoints)}:{index}";
            var endpoint = Endpoints[index];
            endpoint.Validate(key);
            if (!names.Add(endpoint.Name))
                throw new SwitchSettingsException($"{key}:{nameof(EndpointSettings.Name)}", $"{endpoint.Name} names two endpoints.");
            if (endpoint.Port != 0 && !addresses.Add((endpoint.Address, endpoint.Port)))
                throw new SwitchSettingsException($"{key}:{nameof(EndpointSettings.Port)}", $"{endpoint.Address}:{endpoint.Port} is taken by another endpoint.");
            if (networks.TryAdd(endpoint.Network, endpoint))
                continue;
            var same = networks[endpoint.Network];
            if (same.NetworkName != endpoint.NetworkName)
                throw new SwitchSettingsException($"{key}:{nameof(EndpointSettings.NetworkName)}", $"network {endpoint.Network} is called otherwise at {same.Name}.");
            if (same.ResponseCodes != endpoint.ResponseCodes)
                throw new SwitchSettingsException($"{key}:{nameof(EndpointSettings.ResponseCodes)}", $"network {endpoint.Network} hears another table at {same.Name}.");
        }
    }
}
