using System.Security.Cryptography;
using System.Text;

namespace Processor.Ledger;

/// <summary>A call of the commit script as it goes to Redis. Its partition keeps it and writes it anew for each batch.</summary>
/// <remarks><c>EVALSHA script keys meta journal account… epoch writer number known room sections heads</c>; see commit.lua.</remarks>
internal sealed class CommitCall(string meta, string journal, string writer)
{
    /// <summary>Length of a script's name: SHA-1 in hexadecimal digits.</summary>
    internal const int ScriptLength = 2 * SHA1.HashSizeInBytes;

    private const int BufferLengthMin = 1024;
    private const int LeadingKeys = 2;
    private const int Values = 7;

    private readonly byte[] meta = Encoding.ASCII.GetBytes(meta);
    private readonly byte[] journal = Encoding.ASCII.GetBytes(journal);
    private readonly byte[] writer = Encoding.ASCII.GetBytes(writer);
    private BatchBuffer command = new(BufferLengthMin);
    private BatchBuffer heads = new(BufferLengthMin);
    private BatchBuffer sections = new(BufferLengthMin);
    private int scriptAt;

    internal int Slot { get; } = RedisSlot.Of(meta);

    internal ReadOnlySpan<byte> Written => command.Written;

    /// <summary>What happens to each account: the journal entry.</summary>
    internal ReadOnlySpan<byte> Sections => sections.Written;

    /// <summary>Begins a call for so many accounts, which follow.</summary>
    internal void Begin(int accounts)
    {
        command.Clear();
        heads.Clear();
        sections.Clear();
        RespWriter.WriteCount(ref command, 3 + LeadingKeys + accounts + Values);
        RespWriter.WriteText(ref command, "EVALSHA"u8);
        RespWriter.WriteText(ref command, "0000000000000000000000000000000000000000"u8);
        scriptAt = command.Length - ScriptLength - 2;
        RespWriter.WriteNumber(ref command, LeadingKeys + accounts);
        RespWriter.WriteText(ref command, meta);
        RespWriter.WriteText(ref command, journal);
    }

    /// <summary>What has changed of an account; see <see cref="JournalWriter"/>.</summary>
    internal void Add(AccountAggregate account, ulong newVersion, bool wantsEveryField)
    {
        RespWriter.WriteText(ref command, account.RedisKey);
        JournalWriter.WriteAccount(ref heads, ref sections, account, newVersion, wantsEveryField);
    }

    /// <summary>Ends it with the values that the script wants.</summary>
    internal void End(long epoch, long number, long known, long entriesMax)
    {
        RespWriter.WriteNumber(ref command, epoch);
        RespWriter.WriteText(ref command, writer);
        RespWriter.WriteNumber(ref command, number);
        RespWriter.WriteNumber(ref command, known);
        RespWriter.WriteNumber(ref command, entriesMax);
        RespWriter.WriteText(ref command, sections.Written);
        RespWriter.WriteText(ref command, heads.Written);
    }

    /// <summary>Says which script is called; it may be another one each time that the same call is sent.</summary>
    /// <param name="script">What <see cref="Admission.Script"/> has.</param>
    internal void Use(ReadOnlySpan<byte> script) => command.Overwrite(scriptAt, script[..ScriptLength]);
}
