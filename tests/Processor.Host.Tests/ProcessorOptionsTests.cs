using Microsoft.Extensions.Configuration;
using Processor.Switch;
using Xunit;

namespace Processor.Host.Tests;

public sealed class ProcessorOptionsTests
{
    public static TheoryData<string, Action<ProcessorOptions>> Wrong() => new()
    {
        { "Processor:Redis", options => options.Redis = " " },
        { "Processor:Postgres", options => options.Postgres = "" },
        { "Processor:KeyFile", options => options.KeyFile = "" },
        { "Processor:ListenAddress", options => options.ListenAddress = "localhost" },
        { "Processor:Partitions", options => options.Partitions = 0 },
        { "Processor:Lanes", options => options.Lanes = 65 },
        { "Processor:BatchMax", options => options.BatchMax = 0 },
        { "Processor:JournalEntriesMax", options => options.JournalEntriesMax = 9 },
        { "Processor:ApiPort", options => options.PortOffset = 60_000 },
        { "Processor:DemoLoadCards", options => options.DemoLoadCards = -1 },
        { "Processor:RepeatWindowMinutes", options => options.RepeatWindowMinutes = double.NaN },
        { "Processor:DrainSeconds", options => options.DrainSeconds = -1 },
        { "Processor:Endpoints:1:Mode", options => Add(options, endpoint => endpoint.Mode = "triple") },
        { "Processor:Endpoints:1:Port", options => Add(options, endpoint => endpoint.Port = 70_000) },
        { "Processor:SecurityModule:Kind", options => options.SecurityModule.Kind = "soft" },
        { "Processor:SecurityModule:Components", options => options.SecurityModule.KeyFile = "hsm.keys" },
        { "Processor:SecurityModule:PayShield:Host", options => options.SecurityModule.Kind = "payshield" },
        { "Processor:SecurityModule:PayShield:Port", options => AddDevice(options).Port = 0 },
        { "Processor:SecurityModule:PayShield:Keys:zpk", options => AddDevice(options).Keys["zpk"] = "swordfish" },
        { "Processor:Roles", options => options.Roles = "switch,teller" },
    };

    [Fact]
    public void What_is_required_is_enough() => Sound().Validate();

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_wrong_value_is_refused_by_its_key(string key, Action<ProcessorOptions> spoil)
    {
        var options = Sound();

        spoil(options);

        var refusal = Assert.Throws<InvalidOperationException>(options.Validate);
        Assert.StartsWith(key, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_refusal_never_repeats_what_may_hold_a_password()
    {
        var options = Sound();
        options.Postgres = "Host=db;Password=swordfish";
        options.Redis = "redis:6379,password=swordfish";
        options.Lanes = 0;

        Assert.DoesNotContain("swordfish", Assert.Throws<InvalidOperationException>(options.Validate).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_means_nothing_is_refused()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Processor:Redis"] = "127.0.0.1:6379",
            ["Processor:Postgres"] = "Host=127.0.0.1",
            ["Processor:KeyFile"] = "keys.json",
            ["Processor:DemoLoadCrads"] = "7",
        }).Build();

        var refusal = Assert.Throws<InvalidOperationException>(() => ProcessorOptions.Read(configuration));

        Assert.Contains("DemoLoadCrads", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_and_its_keys_are_read_from_configuration()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Processor:Redis"] = "127.0.0.1:6379",
            ["Processor:Postgres"] = "Host=127.0.0.1",
            ["Processor:KeyFile"] = "keys.json",
            ["Processor:SecurityModule:Kind"] = "payshield",
            ["Processor:SecurityModule:PayShield:Host"] = "hsm.example",
            ["Processor:SecurityModule:PayShield:Keys:zpk"] = "K001",
            ["Processor:SecurityModule:PayShield:Keys:zpk@2"] = "K002",
        }).Build();

        var device = ProcessorOptions.Read(configuration).SecurityModule.PayShield;

        Assert.Equal(("hsm.example", "K001", "K002"), (device.Host, device.Keys["zpk"], device.Keys["zpk@2"]));
    }

    private static Security.PayShieldSettings AddDevice(ProcessorOptions options)
    {
        options.SecurityModule.Kind = "payshield";
        options.SecurityModule.PayShield.Host = "hsm.example";
        return options.SecurityModule.PayShield;
    }

    private static void Add(ProcessorOptions options, Action<EndpointSettings> spoil)
    {
        options.Endpoints.Add(new EndpointSettings { Name = "sound", Port = 1 });
        var endpoint = new EndpointSettings { Name = "spoilt", Port = 2 };
        spoil(endpoint);
        options.Endpoints.Add(endpoint);
    }

    private static ProcessorOptions Sound() => new() { Redis = "127.0.0.1:6379", Postgres = "Host=127.0.0.1", KeyFile = "keys.json" };
}
