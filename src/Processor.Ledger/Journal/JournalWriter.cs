using System.Runtime.InteropServices;
using Processor.Cards;

namespace Processor.Ledger;

/// <summary>Packs what one batch does to one account, as the script and <see cref="JournalReader"/> read it.</summary>
/// <remarks>
/// Part of a batch: expected version(u64, 0 = the account must not exist) wants(u8: 1 = hand back every field on a conflict)
/// head names(u16 length, three bytes each) new holds(u16 length, 17 bytes each), then the section of the journal.
/// </remarks>
internal static class JournalWriter
{
    internal static void WritePart(ref BatchBuffer target, AccountAggregate account, ulong newVersion, bool wantsEveryField)
    {
        target.Write(account.Version);
        target.Write(wantsEveryField ? (byte)1 : (byte)0);
        var names = target.Reserve(2);
        account.WriteHeadNames(ref target);
        target.Patch(names, (ushort)(target.Length - names - 2));
        var added = target.Reserve(2);
        foreach (var slot in account.Holds.Marked)
        {
            if (account.Holds.IsAdded(slot))
                target.WriteKey((byte)'h', account.Holds.KeyAt(slot));
        }

        target.Patch(added, checked((ushort)(target.Length - added - 2)));
        account.SetVersion(newVersion);
        WriteSection(ref target, account);
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
