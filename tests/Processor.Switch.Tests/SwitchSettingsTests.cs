namespace Processor.Switch.Tests;

public sealed class SwitchSettingsTests
{
    public static TheoryData<string, Action<EndpointSettings>> Wrong() => new()
    {
        { "Processor:Endpoints:1:Name", endpoint => endpoint.Name = " " },
        { "Processor:Endpoints:1:Name", endpoint => endpoint.Name = "FIRST" },
        { "Processor:Endpoints:1:Address", endpoint => endpoint.Address = "localhost:1" },
        { "Processor:Endpoints:1:Port", endpoint => endpoint.Port = 70_000 },
        { "Processor:Endpoints:1:Port", endpoint => endpoint.Port = 8583 },
        { "Processor:Endpoints:1:Network", endpoint => endpoint.Network = 0 },
        { "Processor:Endpoints:1:InFlightMax", endpoint => endpoint.InFlightMax = 0 },
        { "Processor:Endpoints:1:DeadlineMilliseconds", endpoint => endpoint.DeadlineMilliseconds = 0 },
        { "Processor:Endpoints:1:FrameLengthMax", endpoint => endpoint.FrameLengthMax = 100_000 },
        { "Processor:Endpoints:1:OutputMax", endpoint => endpoint.OutputMax = 100 },
        { "Processor:Endpoints:1:NetworkName", endpoint => endpoint.NetworkName = "other" },
        { "Processor:Endpoints:1:ResponseCodes", endpoint => endpoint.ResponseCodes = "visa-like" },
        { "Processor:Endpoints:1:MacCheck", endpoint => endpoint.MacCheck = "sometimes" },
        { "Processor:Endpoints:1:MacFrom", endpoint => endpoint.MacFrom = "frame" },
        { "Processor:Endpoints:1:MacPadding", endpoint => endpoint.MacPadding = 4 },
        { "Processor:Endpoints:1:MacLength", endpoint => endpoint.MacLength = 33 },
        { "Processor:Endpoints:1:Mode", endpoint => endpoint.Mode = "triple" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_wrong_value_is_named_by_its_key(string key, Action<EndpointSettings> damage)
    {
        var settings = new SwitchSettings { Endpoints = [new() { Name = "first", Port = 8583 }, new() { Name = "second", Port = 8584 }] };
        settings.Validate();

        damage(settings.Endpoints[1]);

        Assert.StartsWith(key + ":", Assert.Throws<SwitchSettingsException>(settings.Validate).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("iso87-ascii", "md5", 8)]
    [InlineData("iso87-ascii", "iso9797-1-alg3", 3)]
    [InlineData("iso87-ascii", "hmac-sha256", 16)]
    [InlineData("iso2003", "iso9797-1-alg3", 8)]
    public void A_code_that_cannot_be_made_or_does_not_fit_is_found_at_start(string dialect, string algorithm, int length)
    {
        var settings = new EndpointSettings { Name = "first", Dialect = dialect, MacKey = "zak", MacAlgorithm = algorithm, MacLength = length };

        Assert.StartsWith("first:Mac", Assert.Throws<SwitchSettingsException>(() => new Endpoint(settings)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Framing")]
    [InlineData("Echo")]
    [InlineData("ResponseCodes")]
    public void A_table_that_is_not_there_is_found_at_start(string setting)
    {
        var settings = new EndpointSettings { Name = "first" };
        typeof(EndpointSettings).GetProperty(setting)!.SetValue(settings, "none-such");

        Assert.Contains("none-such", Assert.Throws<SwitchSettingsException>(() => new Endpoint(settings)).Message, StringComparison.Ordinal);
    }
}
