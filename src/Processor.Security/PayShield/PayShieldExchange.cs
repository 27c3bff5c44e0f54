namespace Processor.Security;

/// <summary>A command and whoever waits for its answer. The first outcome counts; who takes the command sends it or gives it back.</summary>
internal sealed class PayShieldExchange : IDisposable
{
    private readonly TaskCompletionSource<PayShieldAnswer> outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ITimer timer;
    private readonly CancellationTokenRegistration giveUp;
    private PayShieldCommand? command;

    internal PayShieldExchange(PayShieldCommand command, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        this.command = command;
        Expects = command.Expects;
        timer = time.CreateTimer(static state => ((PayShieldExchange)state!).TryEnd(new(HsmStatus.Timeout)), this, timeout, Timeout.InfiniteTimeSpan);
        giveUp = cancellationToken.UnsafeRegister(static state => ((PayShieldExchange)state!).GiveUp(), this);
    }

    /// <summary>The code of the answer.</summary>
    internal ushort Expects { get; }

    /// <summary>Which command it is on its connection.</summary>
    internal uint Number { get; set; }

    /// <summary>The caller went away before there was an answer.</summary>
    internal bool IsGivenUp { get; private set; }

    internal Task<PayShieldAnswer> Outcome => outcome.Task;

    internal bool TryEnd(in PayShieldAnswer answer) => outcome.TrySetResult(answer);

    /// <summary>Takes the command; only one caller ever gets it.</summary>
    internal PayShieldCommand? TakeCommand() => Interlocked.Exchange(ref command, null);

    /// <inheritdoc/>
    public void Dispose()
    {
        giveUp.Dispose();
        timer.Dispose();
        TakeCommand()?.Release();
    }

    private void GiveUp()
    {
        IsGivenUp = true;
        TryEnd(new(HsmStatus.Timeout));
    }
}
