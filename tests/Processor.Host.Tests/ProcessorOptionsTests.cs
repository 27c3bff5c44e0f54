using Microsoft.Extensions.Configuration;
using Processor.Security;
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
        { "Processor:Redis", options => options.Redis = "127.0.0.1:6379,sll=true" },
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

    [Theory]
    [InlineData(null, HsmStatus.PolicyDenied)]
    [InlineData("false", HsmStatus.PolicyDenied)]
    [InlineData("true", HsmStatus.Ok)]
    public async Task Old_key_blocks_are_taken_by_the_setting_alone(string? setting, HsmStatus expected)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Processor:Redis"] = "127.0.0.1:6379",
            ["Processor:Postgres"] = "Host=127.0.0.1",
            ["Processor:KeyFile"] = "keys.json",
            ["Processor:SecurityModule:ImportsOldKeyBlocks"] = setting,
        }).Build();
        await using var module = new SecurityModule(ProcessorOptions.Read(configuration), TimeProvider.System);

        // A key of version A under a key of two parts, from specs/crypto: PUB-tr31.wrap-009.
        byte[][] parts = [.. new[] { "5D5D5D5D5D5D5D5D5D5D5D5D5D5D5D5D", "D4B5D1AACE4919AE69E0281AA1626551" }.Select(Convert.FromHexString)];
        var outer = await module.Keys!.ImportComponentsAsync(
            new("zmk", KeyUsage.KeyBlockProtection, KeyAlgorithm.TripleDes, KeyMode.DecryptOnly), [new(parts[0], "CB7D0F"), new(parts[1], "4A7570")], "D1D812", default);
        await module.Keys.ActivateKeyAsync(outer.Key!.Key, default);
        var block = "A0072P0TE00E0000F5161ED902807AF26F1D62263644BD24192FDB3193C730301CEE8701"u8.ToArray();

        Assert.Equal(expected, (await module.Keys.ImportKeyBlockAsync("zpk", new("zmk"), block, "CB9DEA", default)).Status);
    }

    private static PayShieldSettings AddDevice(ProcessorOptions options)
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
