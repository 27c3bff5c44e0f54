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
        Assert.StartsWith(key + " ", refusal.Message, StringComparison.Ordinal);
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

    private static ProcessorOptions Sound() => new() { Redis = "127.0.0.1:6379", Postgres = "Host=127.0.0.1", KeyFile = "keys.json" };
}
