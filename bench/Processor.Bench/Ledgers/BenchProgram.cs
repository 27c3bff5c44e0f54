using System.Text;
using Processor.Authorization;
using Processor.Cards;
using Processor.Ledger;

namespace Processor.Bench;

/// <summary>The program, accounts and purchases that everything here is measured with.</summary>
internal static class BenchProgram
{
    /// <summary>Number of the program.</summary>
    public const int Number = 1;

    /// <summary>What each account has, in cents: more than any run can spend.</summary>
    public const long Balance = 100_000_000_00;

    private const uint TransmissionDay = 0601000000;

    /// <summary>Decides as the host does.</summary>
    public static AuthorizationDecide Decider()
    {
        var programs = new ProgramDirectory();
        programs.Replace([new ProgramProfile { Number = Number, Id = new Ulid(1), Name = "Bench", TimeZone = "Europe/Paris", BinRanges = [] }]);
        return new AuthorizationDecide(programs, TimeSpan.FromMinutes(10));
    }

    /// <summary>The identifier of an account, spread like real ones.</summary>
    public static Ulid AccountId(int index) => new(((UInt128)0x0190_0000_0000 << 80) | ((UInt128)((ulong)index * 0x9E3779B97F4A7C15UL) << 8) | (uint)index);

    /// <summary>The one card of an account, with daily limits that never bind, as cards have them.</summary>
    public static (CardRecord Card, LimitRecord Limits) CardOf(int index)
    {
        var limits = LimitRecord.None(Currency.Eur.Numeric);
        limits.All.DayAmount = Balance;
        return (new CardRecord { CardId = new Ulid((UInt128)1_000_000 + (uint)index), Status = CardStatus.Active, Expiry = 3112 }, limits);
    }

    /// <summary>Opens an account with its card and balance, in memory.</summary>
    public static void Open(AccountAggregate account, int index)
    {
        account.Open(Number, Currency.Eur.Numeric, creditLimit: 0);
        account.Post(Currency.Eur.Numeric, Balance);
        var (card, limits) = CardOf(index);
        var ordinal = account.AddCard(in card);
        account.SetLimits(ordinal, in limits);
    }

    /// <summary>Makes a request a purchase of its own.</summary>
    /// <param name="request">What is filled in.</param>
    /// <param name="index">The account.</param>
    /// <param name="number">Number of the purchase, never used twice in a run.</param>
    public static void Purchase(ref AuthorizationRequest request, int index, int number)
    {
        request = new AuthorizationRequest
        {
            Class = MessageClass.Authorization,
            Mti = 100,
            Network = 1,
            Mode = EndpointMode.Dual,
            Kind = TransactionKind.Purchase,
            Program = Number,
            Pan = new PanHash((UInt128)4711 + (uint)index),
            Card = 1,
            Expiry = 3112,
            Transaction = new Amount(100 + (number % 4900), Currency.Eur),
            Stan = (uint)(number % 1_000_000),
            Transmission = TransmissionDay + (uint)(number / 1_000_000),
            Acquirer = 12345,
            MerchantCategory = 5411,
            PosEntryMode = 051,
        };
        Span<byte> digits = stackalloc byte[12];
        System.Buffers.Text.Utf8Formatter.TryFormat(number, digits, out _, new System.Buffers.StandardFormat('D', 12));
        digits.CopyTo(request.RetrievalReference);
        "TERM0001"u8.CopyTo(request.Terminal);
        "MERCHANT0000001"u8.CopyTo(request.CardAcceptor);
        Encoding.ASCII.GetBytes("A SHOP                   WIEN         AT", request.CardAcceptorName);
    }

    /// <summary>Makes a request the full reversal of a purchase.</summary>
    public static void Reversal(ref AuthorizationRequest request, int index, int purchase, int number)
    {
        Purchase(ref request, index, purchase);
        request.Class = MessageClass.Reversal;
        request.Mti = 400;
        request.OriginalClass = MessageClass.Authorization;
        request.OriginalStan = request.Stan;
        request.OriginalTransmission = request.Transmission;
        request.OriginalAcquirer = request.Acquirer;
        request.Stan = (uint)(number % 1_000_000);
        request.Transmission = TransmissionDay + (uint)(number / 1_000_000);
    }
}
