using System.Buffers;
using System.Numerics;

namespace Processor.Iso8583;

/// <summary>Checks that every element which is made of parts can be taken apart.</summary>
internal static class PartsChecker
{
    public static ParseStatus Check(Dialect dialect, ReadOnlySpan<byte> frame, MessageLayout layout)
    {
        ulong[] withParts = dialect.WithParts;
        ulong first = layout.Primary & withParts[0];
        ulong second = layout.Secondary & withParts[1];
        ulong third = layout.Third & withParts[2];
        if ((first | second | third) == 0 || (dialect.Relaxation & DialectRelaxation.Parts) != 0)
            return ParseStatus.Parsed;
        return IsWhole(dialect, frame, layout, first, 1)
            && IsWhole(dialect, frame, layout, second, 65)
            && IsWhole(dialect, frame, layout, third, 129)
            ? ParseStatus.Parsed
            : ParseStatus.Rejected;
    }

    private static bool IsWhole(Dialect dialect, ReadOnlySpan<byte> frame, MessageLayout layout, ulong bits, int origin)
    {
        while (bits != 0)
        {
            int index = BitOperations.LeadingZeroCount(bits);
            bits ^= 1UL << (63 - index);
            int element = origin + index;
            var error = CheckElement(new MessageView(frame, layout), element, layout.Slots[element].Units);
            if (error.Reason == ParseReason.None)
                continue;
            MessageParser.Reject(layout, error with { DataElement = element });
            Forget(layout, origin, index);
            return false;
        }

        return true;
    }

    private static ParseError CheckElement(in MessageView view, int element, int units)
    {
        if (!view.Dialect.HasDecodedParts(element))
            return Walk(view.Parts(element));
        byte[]? rented = units > 1024 ? ArrayPool<byte>.Shared.Rent(units) : null;
        Span<byte> decoded = rented ?? stackalloc byte[1024];
        var error = Walk(view.Parts(element, decoded));
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        return error;
    }

    private static ParseError Walk(PartReader reader)
    {
        while (reader.Read(out var part))
        {
            if (!part.HasParts)
                continue;
            var error = Walk(part.Parts);
            if (error.Reason != ParseReason.None)
                return error;
        }

        return reader.Error;
    }

    // What stands before the element stays readable, as after any other error.
    private static void Forget(MessageLayout layout, int origin, int index)
    {
        ulong before = index == 0 ? 0 : ~(ulong.MaxValue >> index);
        layout.Primary &= origin == 1 ? before : ulong.MaxValue;
        layout.Secondary &= origin switch { 1 => 0, 65 => before, _ => ulong.MaxValue };
        layout.Third &= origin == 129 ? before : 0;
    }
}
