using Processor.Authorization;
using Processor.Cards;
using Processor.Iso8583;

namespace Processor.Switch;

/// <summary>Maps the elements that every message about money has.</summary>
internal static class RequestElements
{
    /// <summary>True when DE 3 asks for a balance.</summary>
    internal static bool IsInquiry(in MessageView view) => view.TryGetNumber(3, out var code) && (code / 10_000) is 30 or 31;

    /// <summary>Fills in the request from a message that has its mandatory elements.</summary>
    /// <returns>The element that cannot be used; 0 for none.</returns>
    internal static int Map(in MessageView view, ref AuthorizationRequest request)
    {
        var mti = view.Mti;
        request.Mti = (ushort)((mti.Version * 1000) + ((int)mti.Class * 100) + ((int)mti.Function * 10) + mti.Origin);
        request.IsRepeat = mti.IsRepeat;
        if (!TryGetOptional(in view, 3, 999_999, out var processingCode))
            return 3;
        if (!TryGetOptional(in view, 7, uint.MaxValue, out var transmission))
            return 7;
        if (!TryGetOptional(in view, 11, 999_999, out var stan))
            return 11;
        if (!TryGetOptional(in view, 14, 9999, out var expiry))
            return 14;
        if (!TryGetOptional(in view, 32, ulong.MaxValue, out request.Acquirer))
            return 32;
        if (!AmountElements.TryMap(in view, ref request, out var element))
            return element;

        request.Transmission = (uint)transmission;
        request.Stan = (uint)stan;
        request.Expiry = (ushort)expiry;
        request.AccountType = (byte)(processingCode / 100 % 100);
        request.Kind = view.Has(3) ? KindOf((int)(processingCode / 10_000), request.Transaction.MinorUnits, in view) : TransactionKind.None;
        request.MerchantCategory = view.TryGetNumber(18, out var category) ? (ushort)category : (ushort)0;
        request.PosEntryMode = view.TryGetNumber(22, out var entryMode) ? (ushort)entryMode : (ushort)0;
        request.Entry = CredentialElements.EntryOf(in view);
        view.TryGetText(37, request.RetrievalReference, out _);
        view.TryGetText(41, request.Terminal, out _);
        view.TryGetText(42, request.CardAcceptor, out _);
        view.TryGetText(43, request.CardAcceptorName, out _);
        request.NetworkId = NetworkIdOf(in view);
        return 0;
    }

    /// <summary>Reads DE 38 of an advice or a reversal.</summary>
    internal static void MapApprovalCode(in MessageView view, ref AuthorizationRequest request) =>
        view.TryGetText(38, request.ApprovalCode, out _);

    /// <summary>A number that may be absent: then it is zero.</summary>
    /// <returns>False when it is there and is no number, or too large.</returns>
    internal static bool TryGetOptional(in MessageView view, int element, ulong most, out ulong number)
    {
        number = 0;
        return !view.Has(element) || (view.TryGetNumber(element, out number) && number <= most);
    }

    private static TransactionKind KindOf(int code, long amount, in MessageView view) => code switch
    {
        0 when amount == 0 && view.Has(4) => TransactionKind.Verification,
        0 => TransactionKind.Purchase,
        1 => TransactionKind.Cash,
        9 => TransactionKind.Cashback,
        20 => TransactionKind.Refund,
        30 or 31 => TransactionKind.BalanceInquiry,
        _ => TransactionKind.None,
    };

    /// <summary>FNV-1a of the id's characters: the same on every host and in every version. Blanks and zeros are no id.</summary>
    private static ulong NetworkIdOf(in MessageView view)
    {
        const ulong Basis = 14695981039346656037;
        const ulong Prime = 1099511628211;
        Span<byte> id = stackalloc byte[999];
        if (!view.TryGetNetworkId(id, out var length) || !id[..length].ContainsAnyExcept((byte)' ', (byte)'0'))
            return 0;
        var hash = Basis;
        foreach (var item in id[..length])
            hash = (hash ^ item) * Prime;
        return hash == 0 ? 1 : hash;
    }
}
