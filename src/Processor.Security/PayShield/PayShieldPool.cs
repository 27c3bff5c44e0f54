using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Processor.Security;

/// <summary>The connections to a device, and what bounds them: commands in flight, time, and a breaker.</summary>
internal sealed class PayShieldPool : IAsyncDisposable
{
    private readonly PayShieldSettings settings;
    private readonly TimeProvider time;
    private readonly TimeSpan timeout;
    private readonly PayShieldLink[] links;
    private int inFlight;

    /// <exception cref="PayShieldSettingsException">A certificate cannot be read.</exception>
    internal PayShieldPool(PayShieldSettings settings, TimeProvider time)
    {
        (this.settings, this.time) = (settings, time);
        timeout = TimeSpan.FromMilliseconds(settings.TimeoutMilliseconds);
        Breaker = new(settings.FailuresToOpen, TimeSpan.FromMilliseconds(settings.ProbeMilliseconds), time);
        Metrics = new(Breaker);
        var tls = settings.UsesTls ? TlsOptions(settings) : null;
        links = new PayShieldLink[settings.Connections];
        for (var index = 0; index < links.Length; index++)
            links[index] = new(settings, tls, Metrics, Breaker, time);
    }

    internal CircuitBreaker Breaker { get; }

    internal PayShieldMetrics Metrics { get; }

    /// <summary>Answers that the device owes on lines that are open, also those that nobody waits for any more.</summary>
    internal int Owed => links.Select(link => link.Load).Where(load => load != int.MaxValue).Sum();

    /// <summary>Sends a command and waits for its answer. Takes the command over.</summary>
    internal async ValueTask<PayShieldAnswer> AskAsync(PayShieldCommand command, CancellationToken cancellationToken)
    {
        var answer = command.Fits ? await BoundAsync(command, cancellationToken) : Refuse(command, HsmStatus.InvalidInput);
        Metrics.Ended(answer.Status == PayShieldErrors.KeyLengthWarning ? HsmStatus.Ok : answer.Status);
        return answer;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var link in links)
            await link.DisposeAsync();
        Metrics.Dispose();
    }

    private async ValueTask<PayShieldAnswer> BoundAsync(PayShieldCommand command, CancellationToken cancellationToken)
    {
        try
        {
            if (Interlocked.Increment(ref inFlight) > settings.InFlightMax)
                return Refuse(command, HsmStatus.Throttled);
            return Breaker.TryEnter(out var isProbe)
                ? await SendAsync(command, isProbe, cancellationToken)
                : Refuse(command, HsmStatus.Unavailable);
        }
        finally
        {
            Interlocked.Decrement(ref inFlight);
        }
    }

    private async ValueTask<PayShieldAnswer> SendAsync(PayShieldCommand command, bool isProbe, CancellationToken cancellationToken)
    {
        using var exchange = new PayShieldExchange(command, timeout, time, cancellationToken);
        var link = links.MinBy(link => link.Load)!;
        if (!link.TrySend(exchange))
        {
            Breaker.Abandoned(isProbe);
            return new(HsmStatus.Unavailable);
        }

        var answer = await exchange.Outcome;
        if (answer.Status == HsmStatus.Timeout)
            link.Abandon(exchange);
        if (answer.IsFromDevice)
            Breaker.Succeeded(isProbe);
        else if (exchange.IsGivenUp || (answer.Status == HsmStatus.Unavailable && !isProbe))
            Breaker.Abandoned(isProbe);
        else
            Breaker.Failed(isProbe);
        return answer;
    }

    private static PayShieldAnswer Refuse(PayShieldCommand command, HsmStatus status)
    {
        command.Release();
        return new(status);
    }

    private static SslClientAuthenticationOptions TlsOptions(PayShieldSettings settings)
    {
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = settings.TlsName.Length == 0 ? settings.Host : settings.TlsName,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        };
        if (settings.TlsCertificateFile.Length != 0)
            options.ClientCertificates = [Read(nameof(PayShieldSettings.TlsCertificateFile), () => X509Certificate2.CreateFromPemFile(settings.TlsCertificateFile))];
        if (settings.TlsAuthorityFile.Length != 0)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.AddRange(Read(nameof(PayShieldSettings.TlsAuthorityFile), () =>
            {
                var authorities = new X509Certificate2Collection();
                authorities.ImportFromPemFile(settings.TlsAuthorityFile);
                return authorities;
            }));
            options.CertificateChainPolicy = policy;
        }

        return options;
    }

    private static T Read<T>(string key, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (CryptographicException failure)
        {
            throw new PayShieldSettingsException($"{PayShieldSettings.Section}:{key}", "holds no certificate that can be used.", failure);
        }
    }
}
