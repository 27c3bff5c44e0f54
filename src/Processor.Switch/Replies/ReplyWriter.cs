using Processor.Iso8583;

namespace Processor.Switch;

/// <summary>Builds an answer from its request, the row of the echo table and what is new in it.</summary>
internal static class ReplyWriter
{
    // The last element of the two bitmaps that an echo table knows.
    private const int ElementMax = 128;

    /// <summary>Writes the answer, with room for its authentication code where the endpoint has a key for one.</summary>
    /// <param name="target">Room for <see cref="Endpoint.AnswerLengthMax"/> bytes, without the frame's.</param>
    /// <param name="endpoint">Whose dialect is used.</param>
    /// <param name="request">The request, as far as it was read.</param>
    /// <param name="reply">What is new.</param>
    /// <param name="length">Bytes of the message; 0 after a failure.</param>
    /// <param name="place">Where the code goes; of element 0 when there is none.</param>
    /// <param name="failedElement">The element that could not be written; 0 after a success.</param>
    internal static WriteStatus Write(Span<byte> target, Endpoint endpoint, in MessageView request, in Reply reply, out int length, out MacPlace place, out int failedElement)
    {
        var rule = endpoint.Echo.RuleOf(request.Mti);
        var writer = new MessageWriter(target, endpoint.Dialect);
        writer.BeginReply(in request);
        var first = 1;
        for (var element = rule.Sets.Next(0); element != 0; element = rule.Sets.Next(element))
        {
            writer.CopyFrom(in request, rule.Echoes.Between(first, element - 1));
            if (!TrySet(ref writer, element, in request, in reply) && rule.Echoes.Has(element))
                writer.CopyFrom(in request, element);
            first = element + 1;
        }

        writer.CopyFrom(in request, rule.Echoes.Between(first, ElementMax));
        place = default;
        _ = endpoint.Mac is null ? writer.TryFinish(out length) : writer.TryFinishWithMac(out length, out place);
        failedElement = writer.FailedElement;
        return writer.Status;
    }

    /// <returns>False when the answer says nothing of its own there.</returns>
    private static bool TrySet(ref MessageWriter writer, int element, in MessageView request, in Reply reply)
    {
        switch (element)
        {
            case 4 when reply.Amount != Reply.AsAsked && request.Has(4):
                writer.SetNumber(4, (ulong)reply.Amount);
                return true;
            case 6 when reply.BillingAmount != Reply.AsAsked && request.Has(6):
                writer.SetNumber(6, (ulong)reply.BillingAmount);
                return true;
            case 38 when !reply.ApprovalCode.IsEmpty:
                writer.SetText(38, reply.ApprovalCode);
                return true;
            case 39:
                writer.SetText(39, [reply.Code.First, reply.Code.Second]);
                return true;
            case 54 when !reply.AdditionalAmounts.IsEmpty:
                writer.SetText(54, reply.AdditionalAmounts);
                return true;
            case 55 when !reply.IssuerData.IsEmpty:
                writer.SetBinary(55, reply.IssuerData);
                return true;
            default:
                return false;
        }
    }
}
