using Processor.Security;
using Processor.Switch;

namespace Processor.Host;

/// <summary>The endpoints of a host that was given none.</summary>
internal static class DemoEndpoints
{
    internal static IList<EndpointSettings> All(string address) =>
    [
        new EndpointSettings { Name = "ascii", Address = address, Port = 8583, Dialect = "iso87-ascii", Mode = "dual", Network = 1, NetworkName = "demo", PinKey = DemoKeys.ZonePins, ZoneMasterKey = DemoKeys.ZoneMaster },
        new EndpointSettings { Name = "binary", Address = address, Port = 8584, Dialect = "iso87-binary", Mode = "dual", Network = 1, NetworkName = "demo", PinKey = DemoKeys.ZonePins, ZoneMasterKey = DemoKeys.ZoneMaster },
        new EndpointSettings { Name = "single", Address = address, Port = 8585, Dialect = "iso87-ascii", Mode = "single", Network = 2, NetworkName = "demo-single", PinKey = DemoKeys.ZonePins, ZoneMasterKey = DemoKeys.ZoneMaster },
        new EndpointSettings { Name = "sealed", Address = address, Port = 8586, Dialect = "iso87-ascii", Mode = "dual", Network = 1, NetworkName = "demo", PinKey = DemoKeys.ZonePins, ZoneMasterKey = DemoKeys.ZoneMaster, MacKey = DemoKeys.ZoneMacs },
    ];
}
