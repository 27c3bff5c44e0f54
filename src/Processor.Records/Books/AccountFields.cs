using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Processor.Ledger;

namespace Processor.Records;

/// <summary>An account as far as ledger and records must agree about it: head, balances, cards, limits and holds. What was used of limits, the latest declines and
/// the counters of chips are only of use to the ledger: nothing but the journal has them, spread over all of its entries.</summary>
internal sealed class AccountFields
{
    /// <summary>The version; 0 for an account that is not there.</summary>
    internal ulong Version { get; set; }

    internal AccountStatus Status { get; set; }

    internal int OpenHolds { get; set; }

    internal SortedDictionary<int, (long Posted, long Held, long CreditLimit)> Balances { get; } = [];

    internal SortedDictionary<int, (int Revision, int Status, int PinTries)> Cards { get; } = [];

    /// <summary>The limits' fields by ordinal.</summary>
    internal SortedDictionary<int, byte[]> Limits { get; } = [];

    /// <summary>The holds' fields by request key.</summary>
    internal Dictionary<UInt128, byte[]> Holds { get; } = [];

    /// <summary>Takes in a field as Redis and the journal have it; what only the ledger uses is passed over.</summary>
    /// <returns>False when the field is of another layout.</returns>
    internal bool TryPut(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        switch (name.IsEmpty ? 0 : name[0])
        {
            case 'a' when value.Length == Unsafe.SizeOf<AccountRecord>():
                var account = MemoryMarshal.Read<AccountRecord>(value);
                (Version, Status, OpenHolds) = (account.Version, account.Status, account.OpenHolds);
                return true;
            case 'b' when value.Length == Unsafe.SizeOf<BalanceRecord>():
                var balance = MemoryMarshal.Read<BalanceRecord>(value);
                Balances[balance.Currency] = (balance.Posted, balance.Held, balance.CreditLimit);
                return true;
            case 'c' when CardRecord.TryRead(value, out var card):
                Cards[card.Ordinal] = (card.Revision, (int)card.Status, card.PinTries);
                return true;
            case 'h' when name.Length == 17:
                PutHold(BinaryPrimitives.ReadUInt128BigEndian(name[1..]), value);
                return true;
            case 'l' when name.Length == 3 && value.Length == Unsafe.SizeOf<LimitRecord>():
                Limits[BinaryPrimitives.ReadUInt16BigEndian(name[1..])] = value.ToArray();
                return true;
            case 'k':
                return name.Length == 3 && value.Length == Unsafe.SizeOf<ChipCounters>();
            case 'u':
                return name.Length == 3 && value.Length == Unsafe.SizeOf<UsageRecord>();
            case 'd':
                return name.Length == 3 && value.Length == Unsafe.SizeOf<DeclineRecord>();
            default:
                return false;
        }
    }

    /// <summary>True when a hold's field says that it still holds money.</summary>
    internal static bool IsHolding(byte[] image) => image.Length >= Unsafe.SizeOf<HoldRecord>() && MemoryMarshal.Read<HoldRecord>(image).IsHolding;

    // A hold that Redis let go stays in the records as it last was.
    private void PutHold(UInt128 key, ReadOnlySpan<byte> value)
    {
        if (!value.IsEmpty)
            Holds[key] = value.ToArray();
    }
}
