using Xunit;

namespace Processor.Security.Tests;

public sealed class PayShieldSettingsTests
{
    public static TheoryData<string, Action<PayShieldSettings>> Wrong() => new()
    {
        { "Host", settings => settings.Host = " " },
        { "Port", settings => settings.Port = 0 },
        { "Connections", settings => settings.Connections = 65 },
        { "HeaderLength", settings => settings.HeaderLength = 3 },
        { "TimeoutMilliseconds", settings => settings.TimeoutMilliseconds = 0 },
        { "InFlightMax", settings => settings.InFlightMax = 0 },
        { "ConnectMilliseconds", settings => settings.ConnectMilliseconds = -1 },
        { "ReconnectMilliseconds", settings => settings.ReconnectMilliseconds = 0 },
        { "ReconnectMillisecondsMax", settings => settings.ReconnectMillisecondsMax = 99 },
        { "FailuresToOpen", settings => settings.FailuresToOpen = 0 },
        { "ProbeMilliseconds", settings => settings.ProbeMilliseconds = 0 },
        { "KsnDescriptor", settings => settings.KsnDescriptor = "60G" },
        { "TlsAuthorityFile", settings => settings.TlsAuthorityFile = "/none" },
        { "TlsCertificateFile", settings => settings.TlsCertificateFile = "/none" },
        { "Keys:a b", settings => settings.Keys["a b"] = "K001" },
        { "Keys:zpk@0", settings => settings.Keys["zpk@0"] = "K001" },
        { "Keys:zpk", settings => settings.Keys["zpk"] = "" },
        { "Keys:zpk", settings => settings.Keys["zpk"] = "U0123456789ABCDEF" },
        { "Keys:zpk", settings => settings.Keys["zpk"] = "S00;" },
        { "Keys:zpk", settings => settings.Keys["zpk"] = "0123456789ABCDEFFEDCBA9876543210" },
    };

    [Theory]
    [MemberData(nameof(Wrong), DisableDiscoveryEnumeration = true)]
    public void A_wrong_setting_is_named(string key, Action<PayShieldSettings> change)
    {
        var settings = PayShieldRig.Settings(1500);
        change(settings);

        var refusal = Assert.Throws<PayShieldSettingsException>(settings.Validate);

        Assert.StartsWith($"Processor:SecurityModule:PayShield:{key}: ", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("0123456789ABCDEF", refusal.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("U0123456789ABCDEFFEDCBA9876543210")]
    [InlineData("T0123456789ABCDEFFEDCBA98765432100123456789ABCDEF")]
    [InlineData("S00096B0TN00E0000FEDCBA98")]
    [InlineData("K0A1")]
    [InlineData("UK0A1")]
    public void A_key_may_be_named_in_each_way_that_the_device_takes(string token)
    {
        var settings = PayShieldRig.Settings(1500);
        settings.Keys["zpk@2"] = token;

        settings.Validate();
    }

    [Fact]
    public void Versions_of_a_key_are_told_apart()
    {
        var keys = new PayShieldKeys([new("zpk", "K001"), new("zpk@2", "K002")]);

        Assert.True(keys.TryGet(new("zpk"), out var active));
        Assert.True(keys.TryGet(new("zpk", 2), out var second));
        Assert.False(keys.TryGet(new("zpk", 1), out _));
        Assert.Equal("K001"u8.ToArray(), active);
        Assert.Equal("K002"u8.ToArray(), second);
    }
}
