using System.Buffers;
using Processor.Authorization;
using Processor.Cards;
using Processor.Iso8583;
using Processor.Ledger;

namespace Processor.Switch;

/// <summary>
/// A message and everything learned about it, pooled. It owns a copy of its frame, because the answer repeats elements of the request
/// long after the pipe has let go of the received bytes; the answer is built behind that copy.
/// </summary>
/// <remarks>
/// Two parties may finish it: whoever carries it (reader, directory look-up, lane) and the deadline. The first to claim it answers.
/// When that is the deadline the carrier still has it, so it goes back to the pool only when both have let go.
/// </remarks>
internal sealed partial class AuthorizationContext : AuthorizationOperation, IExpirable
{
    private const int Open = 0;
    private const int Answered = 1;
    private const int Expired = 2;
    private const int BufferLengthFirst = 2048;

    private readonly Switchboard board;
    private readonly DeadlineEntry deadline;
    private readonly MessageLayout layout = new();
    private readonly byte[] code = new byte[MacPlan.LengthMax];
    private byte[] buffer = new byte[BufferLengthFirst];
    private Connection? connection;
    private long arrivedAt;
    private int frameLength;
    private FrameEnvelope envelope;
    private int state;
    private int owners;
    private bool isClaimed;

    internal AuthorizationContext(Switchboard board)
    {
        this.board = board;
        deadline = new(this);
    }

    /// <summary>Where the message came from and the answer goes.</summary>
    internal Connection Connection => connection ?? throw new InvalidOperationException("The context carries no message.");

    /// <summary>Class of the message, for metrics.</summary>
    internal RequestClass Class { get; set; }

    /// <summary>What came of <see cref="Parse"/>.</summary>
    internal MessageLayout Layout => layout;

    /// <summary>The message; of a rejected one what stands before the error.</summary>
    internal MessageView View => new(buffer.AsSpan(0, frameLength), layout);

    /// <summary>The message's credentials, from the wire to the security module.</summary>
    internal PresentedCredentials Presented { get; } = new();

    /// <summary>True for messages whose credentials are looked at: those that ask, and those that tell what was done.</summary>
    internal bool ConcernsCredentials =>
        Class is RequestClass.Authorization or RequestClass.Financial or RequestClass.AuthorizationAdvice or RequestClass.FinancialAdvice;

    /// <summary>True for what the sender gives up on when told 91; advices and reversals are repeated until they are taken.</summary>
    private bool IsUndoneWhenLate => Class is RequestClass.Authorization or RequestClass.Financial;

    private bool IsAdvice => Class is RequestClass.AuthorizationAdvice or RequestClass.FinancialAdvice or RequestClass.ReversalAdvice;

    /// <summary>Takes over a frame: copies it.</summary>
    /// <param name="from">The connection, in which a place has been taken.</param>
    /// <param name="frame">Without its length.</param>
    /// <param name="envelope">What its header says besides the length.</param>
    /// <param name="arrived">The clock's timestamp.</param>
    internal void Begin(Connection from, in ReadOnlySequence<byte> frame, FrameEnvelope envelope, long arrived)
    {
        connection = from;
        this.envelope = envelope;
        arrivedAt = arrived;
        frameLength = (int)frame.Length;
        state = Open;
        owners = 2;
        isClaimed = false;
        var needed = frameLength + from.Endpoint.AnswerLengthMax(frameLength);
        if (buffer.Length < needed)
            buffer = new byte[needed];
        frame.CopyTo(buffer);
    }

    /// <summary>The program's word on how a good verification is told.</summary>
    internal bool AnswersVerificationWith85 =>
        !board.Programs.TryGet(Request.Program, out var program, out _) || program.AnswersVerificationWith85;

    /// <summary>Finds the elements.</summary>
    internal ParseStatus Parse() => Connection.Endpoint.Dialect.TryParse(buffer.AsSpan(0, frameLength), layout);

    /// <summary>Takes the credentials out of the message.</summary>
    /// <returns>False when it has none.</returns>
    internal bool ReadCredentials() => CredentialElements.Read(View, Connection.Endpoint, Presented);

    /// <summary>Has the authentication code of the message checked.</summary>
    /// <param name="mac">The endpoint's.</param>
    /// <param name="place">Where the code stands.</param>
    /// <param name="view">The message.</param>
    internal ValueTask<MacResult> VerifyMacAsync(LinkMac mac, in MacPlace place, in MessageView view)
    {
        view.TryGetBinary(place.DataElement, code, out _);
        return board.Codes.VerifyAsync(mac.Plan, mac.CoveredOf(buffer.AsMemory(0, frameLength), in place), code.AsMemory(0, mac.Plan.Length));
    }

    /// <summary>Starts the deadline. <see cref="LedgerOperation.Key"/> is set.</summary>
    internal void StartDeadline()
    {
        var elapsed = (int)board.Clock.GetElapsedTime(arrivedAt).TotalMilliseconds;
        board.Deadlines.Add(deadline, Math.Max(0, Connection.Endpoint.DeadlineMilliseconds - elapsed));
    }

    /// <summary>True when the deadline has answered: what has not been submitted need not be.</summary>
    internal bool IsExpired => Volatile.Read(ref state) == Expired;

    /// <inheritdoc/>
    public override bool IsAbandoned => IsUndoneWhenLate && IsExpired;

    /// <summary>Answers, unless the deadline was first, and lets go. The caller flushes.</summary>
    internal void Finish(in Reply reply, RequestOutcome outcome)
    {
        if (!isClaimed && !TryClaim())
        {
            LetGoLate();
            return;
        }

        board.Metrics.Answered(Class, outcome, board.Clock.GetElapsedTime(arrivedAt));
        Send(in reply, SendEnd.Close);
    }

    /// <summary>Lets go without an answer.</summary>
    internal void FinishSilently()
    {
        if (!isClaimed && !TryClaim())
        {
            LetGoLate();
            return;
        }

        Close();
    }

    /// <summary>The ledger could not be reached: requests hear so, advices nothing, so that they are sent again.</summary>
    internal void FinishUnavailable()
    {
        if (!IsAdvice)
        {
            Finish(new Reply(Connection.Endpoint.ResponseCodes[DeclineReason.IssuerUnavailable]), RequestOutcome.Unavailable);
            return;
        }

        if (!IsExpired)
            board.Metrics.Answered(Class, RequestOutcome.Unavailable, board.Clock.GetElapsedTime(arrivedAt));
        FinishSilently();
    }

    /// <summary>Our own mistake.</summary>
    internal void FinishFailed(Exception? failure)
    {
        if (failure is not null)
            SwitchLog.Failed(board.Log, failure, Connection.Endpoint.Name, Connection.Id, layout.Mti);
        Finish(new Reply(Connection.Endpoint.ResponseCodes[DeclineReason.SystemError]), RequestOutcome.Failed);
    }

    /// <inheritdoc/>
    bool IExpirable.TryExpire()
    {
        // Noted before the claim: once the carrier sees the claim, the note is there for it to take back.
        if (IsUndoneWhenLate)
            board.LateRequests.Add(Key);
        if (Interlocked.CompareExchange(ref state, Expired, Open) == Open)
            return true;
        if (IsUndoneWhenLate)
            board.LateRequests.Remove(Key);
        return false;
    }

    /// <inheritdoc/>
    void IExpirable.OnExpired()
    {
        var from = Connection;
        SwitchLog.Late(board.Log, from.Endpoint.Name, from.Id, layout.Mti);
        board.Metrics.Late();
        board.Metrics.Answered(Class, RequestOutcome.Late, board.Clock.GetElapsedTime(arrivedAt));
        if (!IsAdvice)
        {
            Send(new Reply(from.Endpoint.ResponseCodes[DeclineReason.IssuerUnavailable]), SendEnd.Leave);
            return;
        }

        from.Leave();
        LetGo();
    }

    /// <inheritdoc/>
    protected override void Complete(CommitOutcome outcome, FlushList flushes)
    {
        var output = Connection.Output;
        try
        {
            // Nothing is decided yet: the module looks at the PIN, and the ledger decides then.
            if (outcome == CommitOutcome.Committed && Result == DecideResult.Asks)
            {
                Admission.SubmitWithPin(board, this);
                return;
            }

            isClaimed = TryClaim();
            if (isClaimed)
                CompleteInTime(outcome);
            else
                CompleteLate(outcome);
        }
#pragma warning disable CA1031 // A lane must not hear of our mistakes: the sender does.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            FinishFailed(failure);
        }

        flushes.Add(output);
    }

    private void CompleteInTime(CommitOutcome outcome)
    {
        switch (outcome)
        {
            case CommitOutcome.Committed when IsUndoneWhenLate && board.LateRequests.Has(Key):
                // The first sending of this request was told 91 and is being undone: so is its repeat told.
                FinishUnavailable();
                break;
            case CommitOutcome.Committed:
                DecisionReply.Finish(this);
                break;
            case CommitOutcome.AccountNotFound:
                DecisionReply.FinishUnknownCard(this);
                break;
            case CommitOutcome.Unavailable:
                FinishUnavailable();
                break;
            case CommitOutcome.Unknown:
                board.Metrics.Answered(Class, RequestOutcome.Unavailable, board.Clock.GetElapsedTime(arrivedAt));
                FinishSilently();
                break;
            default:
                FinishFailed(failure: null);
                break;
        }
    }

    private void CompleteLate(CommitOutcome outcome)
    {
        if (outcome != CommitOutcome.Committed)
        {
            LetGoLate();
            return;
        }

        // An advice that was committed after all is acknowledged: the sender has heard nothing yet.
        if (IsAdvice)
            DecisionReply.SendLate(this);
        if (!IsUndoneWhenLate || Result != DecideResult.Changed || Answer.Reason == DeclineReason.IssuerUnavailable)
        {
            LetGoLate();
            return;
        }

        board.LateRequests.Undo(this);
        LetGo();
    }

    private bool TryClaim() => Interlocked.CompareExchange(ref state, Answered, Open) == Open;

    /// <summary>Answered in time: the deadline is called off, and nobody else has the context.</summary>
    private void Close()
    {
        board.Deadlines.Remove(deadline);
        Connection.Leave();
        Recycle();
    }

    /// <summary>The carrier lets go of a context that the deadline answered, with nothing to undo.</summary>
    private void LetGoLate()
    {
        if (IsUndoneWhenLate)
            board.LateRequests.Remove(Key);
        LetGo();
    }

    private void LetGo()
    {
        if (Interlocked.Decrement(ref owners) == 0)
            Recycle();
    }

    private void Recycle()
    {
        // The frame held a PAN, perhaps a PIN block.
        buffer.AsSpan(0, Math.Min(buffer.Length, frameLength + Connection.Endpoint.AnswerLengthMax(frameLength))).Clear();
        connection = null;
        frameLength = 0;
        Class = default;
        Presented.Clear();
        ResetAuthorization();
        board.Contexts.Return(this);
    }
}
