namespace Processor.Security;

/// <summary>A Thales payShield across the network: what an authorizer asks of it, by host commands over TCP or TLS.</summary>
/// <remarks>
/// <para>Commands are pipelined: many wait on each connection, and an answer finds its command by the header that the device returns unchanged. A command
/// without an answer in time is <see cref="HsmStatus.Timeout"/>, and its late answer is thrown away; one whose line was lost is
/// <see cref="HsmStatus.Unavailable"/>, as is every command while the breaker is open. None of these is ever a success.</para>
/// <para>Keys are configured under their names as the device knows them, and are never clear here. Command layouts follow public descriptions and were
/// not checked against a device: <c>docs/hsm.md</c> says which. What has no command here is <see cref="HsmStatus.UnsupportedProfile"/>.</para>
/// <para>Connects in the background; disposing ends every connection and whoever waits.</para>
/// </remarks>
public sealed partial class PayShieldHsm : IHsm, IAsyncDisposable
{
    private readonly PayShieldPool pool;
    private readonly PayShieldKeys keys;
    private readonly int headerLength;
    private readonly string ksnDescriptor;
    private readonly bool takesKeyLengthWarning;

    /// <param name="settings">Read once; what is changed later changes nothing.</param>
    /// <param name="time">For timeouts, pauses and the breaker.</param>
    /// <exception cref="PayShieldSettingsException">A setting cannot be used.</exception>
    public PayShieldHsm(PayShieldSettings settings, TimeProvider time)
    {
        settings.Validate();
        keys = new(settings.Keys);
        (headerLength, ksnDescriptor, takesKeyLengthWarning) = (settings.HeaderLength, settings.KsnDescriptor.ToUpperInvariant(), settings.TakesKeyLengthWarning);
        pool = new(settings, time);
    }

    /// <summary>What has happened since the start.</summary>
    public PayShieldFigures Figures => new(pool.Metrics.OpenLines, pool.Metrics.LostCount, pool.Metrics.LateCount, pool.Metrics.MalformedCount, pool.Breaker.Opened, pool.Breaker.IsOpen);

    internal int Owed => pool.Owed;

    /// <inheritdoc/>
    public ValueTask<HsmStatus> CheckHealthAsync(CancellationToken cancellationToken) => StatusAsync(Command("NO"u8).Put("00"u8), cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => pool.DisposeAsync();

    /// <inheritdoc/>
    public override string ToString() => "PayShieldHsm ****";

    private PayShieldCommand Command(ReadOnlySpan<byte> code) => new(headerLength, code);

    private async ValueTask<HsmStatus> StatusAsync(PayShieldCommand command, CancellationToken cancellationToken)
    {
        var answer = await pool.AskAsync(command, cancellationToken);
        return Plain(answer.Status);
    }

    // A warning where none was expected: something is not as we think.
    private static HsmStatus Plain(HsmStatus status) => status == PayShieldErrors.KeyLengthWarning ? HsmStatus.DeviceFault : status;
}
