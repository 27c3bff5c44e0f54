using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Processor.Cards;
using Processor.Ledger;

namespace Processor.Records;

/// <summary>The fields of an account's hash, put together from the journal.</summary>
internal sealed class FoldedAccount
{
    // Names are bytes; Latin-1 keeps each as one character.
    private readonly Dictionary<string, byte[]> fields = [];

    /// <summary>Sets a field; an empty value removes it.</summary>
    internal void Put(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        var key = Encoding.Latin1.GetString(name);
        if (value.IsEmpty)
            fields.Remove(key);
        else
            fields[key] = value.ToArray();
    }

    /// <summary>All fields, as Redis takes them.</summary>
    internal IReadOnlyList<KeyValuePair<byte[], byte[]>> List() =>
        [.. fields.Select(field => new KeyValuePair<byte[], byte[]>(Encoding.Latin1.GetBytes(field.Key), field.Value))];

    /// <summary>The directory's entries of the cards, oldest first.</summary>
    /// <param name="known">Program and PAN of each card, from the records.</param>
    internal IReadOnlyList<RebuiltCard> ListCards(IReadOnlyDictionary<Ulid, (int Program, PanHash Pan)> known)
    {
        var cards = new List<RebuiltCard>();
        foreach (var value in fields.Where(field => field.Key[0] == 'c').Select(field => field.Value))
        {
            if (CardRecord.TryRead(value, out var card) && known.TryGetValue(card.CardId, out var record))
                cards.Add(new RebuiltCard(record.Pan, record.Program, new CardInstance(card.Ordinal, card.Expiry, card.SequenceNumber)));
        }

        return [.. cards.OrderBy(card => card.Instance.Ordinal)];
    }
}
