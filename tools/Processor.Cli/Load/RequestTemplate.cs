using Processor.Cli.Network;
using Processor.Iso8583;

namespace Processor.Cli.Load;

/// <summary>A framed request that is built once; each sending copies it and writes over what changes. Not for several threads to build, any number to write.</summary>
internal sealed class RequestTemplate
{
    private readonly byte[] bytes;
    private readonly int headerLength;
    private readonly DigitPatch pan;
    private readonly DigitPatch expiry;
    private readonly DigitPatch amount;
    private readonly DigitPatch transmission;
    private readonly DigitPatch stan;
    private readonly DigitPatch time;
    private readonly DigitPatch date;
    private readonly DigitPatch reference;
    private readonly DigitPatch originalStan;
    private readonly DigitPatch originalTransmission;
    private readonly int approvalCodeOffset;
    private readonly PreparedPurchases? prepared;
    private readonly CredentialPlaces places;
    private readonly MessageSeal? seal;
    private readonly MacPlace place;
    private readonly int frameLength;
    private readonly double wrongShare;

    /// <param name="message">The request with content of the right length in each element that changes.</param>
    /// <param name="dialect">How it is written.</param>
    /// <param name="framing">How its length is written.</param>
    /// <param name="prepared">Purchases that are made already; null for none.</param>
    /// <param name="seal">Makes authentication codes; null for a message without one.</param>
    /// <param name="wrongShare">How many of a whole of 1 have a wrong code.</param>
    /// <exception cref="FormatException">It does not suit the dialect.</exception>
    public RequestTemplate(Iso8583Message message, Dialect dialect, Framing framing, PreparedPurchases? prepared = null, MessageSeal? seal = null, double wrongShare = 0)
    {
        byte[] frame = seal?.Seal(message, dialect) ?? message.ToBytes(dialect);
        (this.seal, this.wrongShare, frameLength) = (seal, wrongShare, frame.Length);
        headerLength = framing.HeaderLength;
        if (framing.Mark == FrameMark.StxEtxLrc)
            throw new FormatException("Load changes digits in place, so it cannot be sent with a check byte (LRC).");
        bytes = FrameWriter.Frame(frame, framing);

        var layout = new MessageLayout();
        if (dialect.TryParse(frame, layout) != ParseStatus.Parsed)
            throw new FormatException(layout.Error.ToString());
        new MessageView(frame, layout).TryGetMac(out place);
        pan = DigitPatch.Of(layout, 2, message[2]!.Length);
        amount = DigitPatch.Of(layout, 4, 12);
        transmission = DigitPatch.Of(layout, 7, 10);
        stan = DigitPatch.Of(layout, 11, 6);
        time = DigitPatch.Of(layout, 12, 6);
        date = DigitPatch.Of(layout, 13, 4);
        expiry = DigitPatch.Of(layout, 14, 4);
        reference = DigitPatch.Of(layout, 37, 12);

        // DE 90: MTI(4) STAN(6) transmission(10) acquirer(11) forwarder(11)
        originalStan = DigitPatch.Of(layout, 90, 42, start: 4, count: 6);
        originalTransmission = DigitPatch.Of(layout, 90, 42, start: 10, count: 10);
        this.prepared = prepared;
        places = CredentialPlaces.Of(layout, dialect);
        approvalCodeOffset = layout.Has(38) ? layout.OffsetOf(38) : 0;
    }

    /// <summary>Bytes of the request with its frame length.</summary>
    public int Length => bytes.Length;

    /// <summary>Writes one request.</summary>
    /// <param name="target">At least <see cref="Length"/> bytes.</param>
    /// <param name="details">What changes.</param>
    /// <param name="cards">Where its card is found.</param>
    public void Write(Span<byte> target, in RequestDetails details, CardList cards)
    {
        bytes.CopyTo(target);
        var message = target[headerLength..];
        pan.Write(message, cards.PanOf(details.Card));
        expiry.Write(message, cards.ExpiryOf(details.Card));
        amount.Write(message, (ulong)details.MinorUnits);
        transmission.Write(message, (ulong)details.Transmission);
        stan.Write(message, (ulong)details.Stan);
        time.Write(message, (ulong)(details.Transmission % 1_000_000));
        date.Write(message, (ulong)(details.Transmission / 1_000_000));
        reference.Write(message, (ulong)details.Reference);
        originalStan.Write(message, (ulong)details.OriginalStan);
        originalTransmission.Write(message, (ulong)details.OriginalTransmission);
        if (prepared is not null && details.Prepared >= 0)
            prepared.Write(details.Prepared, message, in places);
        if (approvalCodeOffset != 0 && details.ApprovalCode != 0)
        {
            for (int index = 0; index < 6; index++)
                message[approvalCodeOffset + index] = (byte)(details.ApprovalCode >> (8 * (5 - index)));
        }

        if (seal is null)
            return;
        seal.Seal(message[..frameLength], in place);
        if (IsWrong(in details))
            message[frameLength - 1] = (byte)(message[frameLength - 1] == '0' ? '1' : '0');
    }

    // Which ones follows from the trace number, so that the same seed makes the same traffic.
    private bool IsWrong(in RequestDetails details) => wrongShare > 0 && (uint)details.Stan * 2654435769u < wrongShare * uint.MaxValue;
}
