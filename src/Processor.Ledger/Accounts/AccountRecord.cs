using System.Runtime.InteropServices;

namespace Processor.Ledger;

/// <summary>The head of an aggregate: hash field <c>a</c>. Little-endian, in this order, without gaps.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct AccountRecord
{
    /// <summary>Unique for each write: the writer's number in the high 24 bits, its counter below. The script compares these 8 bytes.</summary>
    public ulong Version;

    /// <summary>Layout of all records of this aggregate; 1.</summary>
    public byte Layout;

    /// <summary>State of the account.</summary>
    public AccountStatus Status;

    /// <summary>Number of the program that owns the account.</summary>
    public int Program;

    /// <summary>Unix milliseconds of the latest decision; decision time never runs behind it.</summary>
    public long LastTime;

    /// <summary>Unix milliseconds of the earliest expiry of an open hold or deadline of a pending one; <see cref="long.MaxValue"/> when none.</summary>
    public long NextDue;

    /// <summary>Open and pending holds.</summary>
    public int OpenHolds;

    /// <summary>Tombstones that wait for a late original.</summary>
    public ushort Tombstones;

    /// <summary>Cards ever added: their ordinals are 1 to this.</summary>
    public ushort Cards;

    /// <summary>Fields of the hash that are neither this record nor a hold. A host that knows fewer has missed one.</summary>
    public ushort HeadFields;
}
