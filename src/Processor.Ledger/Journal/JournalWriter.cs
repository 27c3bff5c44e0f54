using System.Runtime.InteropServices;
using Processor.Cards;

namespace Processor.Ledger;

/// <summary>Packs what one batch does to one account, as the script and <see cref="JournalReader"/> read it.</summary>
/// <remarks>
/// A batch has a head and a section for each account; the length of all sections(u32) stands before the heads. Head: expected version(u64, 0 = the account must not exist) wants(u8: 1 = hand
/// back every field on a conflict) removed(u16 fields) head names(u16 bytes) new holds(u16 bytes), then the head names, three bytes
/// each, and the new holds, 17 bytes each. The sections together are the journal entry.
/// </remarks>
internal static class JournalWriter
{
    internal static void WriteAccount(ref BatchBuffer heads, ref BatchBuffer sections, AccountAggregate account, ulong newVersion, bool wantsEveryField)
    {
        heads.Write(account.Version);
        heads.Write(wantsEveryField ? (byte)1 : (byte)0);
        var lengths = heads.Reserve(6);
        var names = heads.Length;
        account.WriteHeadNames(ref heads);
        heads.Patch(lengths + 2, checked((ushort)(heads.Length - names)));
        heads.Patch(lengths, WriteNewHolds(ref heads, account, lengths + 4));
        account.SetVersion(newVersion);
        WriteSection(ref sections, account);
    }

    /// <summary>Names the holds that must not be in Redis yet; where all holds are known, the version says so already.</summary>
    /// <returns>How many holds are removed.</returns>
    private static ushort WriteNewHolds(ref BatchBuffer heads, AccountAggregate account, int length)
    {
        ushort removed = 0;
        var start = heads.Length;
        foreach (var slot in account.Holds.Marked)
        {
            if (account.Holds.IsRemoved(slot))
                removed = checked((ushort)(removed + 1));
            else if (!account.HasEveryHold && account.Holds.IsAdded(slot))
                heads.WriteKey((byte)'h', account.Holds.KeyAt(slot));
        }

        heads.Patch(length, checked((ushort)(heads.Length - start)));
        return removed;
    }

    internal static void WriteSection(ref BatchBuffer target, AccountAggregate account)
    {
        var start = target.Reserve(4);
        Span<byte> id = stackalloc byte[Ulid.ByteLength];
        account.Id.Write(id);
        target.Write(id);
        target.Write(account.Version);
        var counts = target.Reserve(4);
        var sink = new Sink(ref target);
        account.WriteChanges(ref sink);
        target.Patch(counts, sink.Count);
        target.Patch(counts + 2, checked((ushort)account.Events.Length));
        target.Write(MemoryMarshal.AsBytes(account.Events));
        target.Patch(start, (uint)(target.Length - start));
    }

    private ref struct Sink(ref BatchBuffer target) : IFieldSink
    {
        private readonly ref BatchBuffer target = ref target;

        public ushort Count { get; private set; }

        public void Put(scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> value)
        {
            target.Write((byte)name.Length);
            target.Write(name);
            target.Write((ushort)value.Length);
            target.Write(value);
            Count++;
        }
    }
}
