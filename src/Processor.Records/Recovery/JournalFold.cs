using Processor.Cards;
using Processor.Ledger;

namespace Processor.Records;

/// <summary>The accounts of a partition as the journal leaves them: of each field what was written last.</summary>
internal sealed class JournalFold
{
    private readonly Dictionary<Ulid, FoldedAccount> accounts = [];

    /// <summary>The accounts with their fields.</summary>
    internal IReadOnlyDictionary<Ulid, FoldedAccount> Accounts => accounts;

    /// <summary>Takes in the next entry.</summary>
    internal void Add(ReadOnlySpan<byte> payload)
    {
        var reader = new JournalReader(payload);
        while (reader.TryRead(out var section))
        {
            if (!accounts.TryGetValue(section.AccountId, out var account))
                accounts.Add(section.AccountId, account = new FoldedAccount());
            foreach (var field in section)
                account.Put(field.Name, field.Value);
        }
    }
}
