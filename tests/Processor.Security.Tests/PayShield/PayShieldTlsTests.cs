using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Xunit;

namespace Processor.Security.Tests;

/// <summary>The line is TLS to the name in a certificate that is trusted, with our own certificate where the device asks for one.</summary>
public sealed class PayShieldTlsTests : IDisposable
{
    private const string Name = "payshield.example";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("processor-tls-");
    private readonly X509Certificate2 device = Make(Name);
    private readonly X509Certificate2 host = Make("host.example");

    public void Dispose()
    {
        device.Dispose();
        host.Dispose();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_device_whose_certificate_is_trusted_is_asked()
    {
        await using var rig = await PayShieldRig.StartAsync(Secure, new PayShieldEmulator(certificate: device));

        Assert.Equal(HsmStatus.Ok, await rig.Hsm.VerifyCardValueAsync(PayShieldRig.Cvv(), HsmCards.Digits(561, 3), default));
    }

    [Fact]
    public async Task A_device_of_another_name_or_another_authority_is_never_asked()
    {
        await using var emulator = new PayShieldEmulator(certificate: device);
        foreach (var change in new Action<PayShieldSettings>[] { settings => settings.TlsName = "other.example", settings => settings.TlsAuthorityFile = Write("other.pem", host.ExportCertificatePem()) })
            Assert.Equal(HsmStatus.Unavailable, await LostAsync(emulator, change));

        Assert.Equal(0, emulator.Received);
    }

    [Fact]
    public async Task A_device_that_asks_for_a_certificate_gets_ours_and_takes_no_other()
    {
        using var other = Make("stranger.example");
        await using var rig = await PayShieldRig.StartAsync(
            settings =>
            {
                Secure(settings);
                settings.TlsCertificateFile = Write("host.pem", Pem(host));
            },
            new PayShieldEmulator(certificate: device) { Client = host });

        Assert.Equal(HsmStatus.Ok, await rig.Hsm.CheckHealthAsync(default));
        Assert.Equal(HsmStatus.Unavailable, await LostAsync(rig.Emulator, settings => settings.TlsCertificateFile = Write("stranger.pem", Pem(other))));
    }

    [Theory]
    [InlineData("TlsAuthorityFile")]
    [InlineData("TlsCertificateFile")]
    public void A_file_without_a_certificate_is_refused_by_its_key(string key)
    {
        var settings = PayShieldRig.Settings(1500);
        settings.UsesTls = true;
        typeof(PayShieldSettings).GetProperty(key)!.SetValue(settings, Write("wrong.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"));

        var refusal = Assert.Throws<PayShieldSettingsException>(() => new PayShieldHsm(settings, new ManualClock()));

        Assert.StartsWith($"{PayShieldSettings.Section}:{key}: ", refusal.Message, StringComparison.Ordinal);
    }

    private static X509Certificate2 Make(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(new(2020, 1, 1, 0, 0, 0, default), new(2100, 1, 1, 0, 0, 0, default));
    }

    private static string Pem(X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        return certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem();
    }

    private void Secure(PayShieldSettings settings) =>
        (settings.UsesTls, settings.TlsName, settings.TlsAuthorityFile) = (true, Name, Write("device.pem", device.ExportCertificatePem()));

    private string Write(string name, string text)
    {
        var path = Path.Combine(folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>What is answered by a module whose line was lost at least once.</summary>
    private async Task<HsmStatus> LostAsync(PayShieldEmulator emulator, Action<PayShieldSettings> change)
    {
        var settings = PayShieldRig.Settings(emulator.Port);
        Secure(settings);
        change(settings);
        await using var hsm = new PayShieldHsm(settings, new ManualClock());
        await PayShieldRig.UntilAsync(() => hsm.Figures.LostLines > 0);
        return await hsm.CheckHealthAsync(default);
    }
}
