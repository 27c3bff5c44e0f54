using System.Security.Cryptography;
using Processor.Authorization;
using Processor.Cards;
using Processor.Ledger;
using Processor.Switch;

namespace Processor.Bench;

/// <summary>A ledger, directory and hasher for one card, in memory: it decides as the host does and commits nothing.</summary>
internal sealed class MemoryLedger : ILedger, ICardDirectory, IPanHasher
{
    private static readonly byte[] HashKey = new byte[32];

    private readonly AuthorizationDecide decide = BenchProgram.Decider();
    private readonly AccountAggregate account = new(BenchProgram.AccountId(0), partition: 0);
    private readonly FlushList flushes = new();
    private readonly CardDirectoryEntry entry = new(BenchProgram.AccountId(0), BenchProgram.Number, [new CardInstance(Ordinal: 1, Expiry: 3112, SequenceNumber: 0)]);

    public MemoryLedger()
    {
        account.BeginAt(Now());
        BenchProgram.Open(account, index: 0);
        account.ClearChanges();
    }

    /// <summary>The program whose PANs are ours.</summary>
    public static ProgramProfile Profile { get; } = new()
    {
        Number = BenchProgram.Number,
        Id = new Ulid(1),
        Name = "Bench",
        TimeZone = "Europe/Paris",
        BinRanges = [new BinRange(47617390, 47617390, Digits: 8, PanLength: 16)],
    };

    /// <summary>Requests approved.</summary>
    public int Approved { get; private set; }

    /// <summary>Reversals accepted.</summary>
    public int Accepted { get; private set; }

    /// <inheritdoc/>
    public void Submit(LedgerOperation operation)
    {
        account.BeginAt(Now());
        operation.Result = decide.Decide(operation, account);
        var kind = ((AuthorizationOperation)operation).Answer.Kind;
        Approved += kind == AnswerKind.Approved ? 1 : 0;
        Accepted += kind == AnswerKind.Accepted ? 1 : 0;
        operation.Complete(CommitOutcome.Committed, flushes);
        flushes.FlushAll();
    }

    /// <summary>Lets go of all holds, which otherwise would grow the account without end.</summary>
    public void Forget()
    {
        for (var slot = 0; slot < account.HoldSlots; slot++)
        {
            if (account.IsHoldLive(slot))
                account.Holds.Remove(slot);
        }

        account.ClearChanges();
    }

    /// <inheritdoc/>
    public bool TryFind(PanHash pan, out CardDirectoryEntry entry)
    {
        entry = this.entry;
        return true;
    }

    /// <inheritdoc/>
    public ValueTask<CardDirectoryEntry?> FindAsync(PanHash pan, CancellationToken cancellation) => ValueTask.FromResult<CardDirectoryEntry?>(entry);

    /// <inheritdoc/>
    public Task AddAsync(PanHash pan, Ulid accountId, int program, CardInstance instance, CancellationToken cancellation) =>
        throw new NotSupportedException("A benchmark adds no cards.");

    /// <inheritdoc/>
    public PanHash Hash(Pan pan)
    {
        Span<byte> digits = stackalloc byte[Pan.LengthMax];
        Span<byte> code = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(HashKey, digits[..pan.CopyDigits(digits)], code);
        return new PanHash(System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(code));
    }

    private static long Now() => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
}
