using System.Buffers.Text;
using System.Runtime.CompilerServices;

namespace Processor.Ledger;

/// <summary>Finds the end of a reply of Redis in what has arrived so far, and goes on where it stopped when more has.</summary>
internal struct RespScanner
{
    /// <summary>Longest bulk string, bytes: what Redis itself keeps to (<c>proto-max-bulk-len</c>).</summary>
    private const int BulkLengthMax = 512 << 20;

    /// <summary>Longest line, bytes: an error, or a number.</summary>
    private const int LineLengthMax = 64 * 1024;

    private const int ItemsMax = 16 << 20;
    private const int DepthMax = 8;

    private Depths remaining;
    private int depth;
    private int position;

    /// <summary>Bytes that the reply surely has: room for them is wanted at once.</summary>
    internal int LengthMin { get; private set; }

    /// <param name="bytes">Everything of this reply that has arrived, from its first byte.</param>
    /// <param name="length">Bytes of the reply, when it is whole.</param>
    /// <returns>False when more must arrive.</returns>
    /// <exception cref="InvalidDataException">It is no reply, or one that is beyond all bounds.</exception>
    internal bool TryFindEnd(ReadOnlySpan<byte> bytes, out int length)
    {
        length = 0;
        while (TryTakeItem(bytes))
        {
            while (depth > 0 && --remaining[depth - 1] == 0)
                depth--;
            if (depth > 0)
                continue;
            length = position;
            this = default;
            return true;
        }

        return false;
    }

    /// <summary>Takes one item that is no list, and the heads of all lists before it.</summary>
    private bool TryTakeItem(ReadOnlySpan<byte> bytes)
    {
        while (position < bytes.Length)
        {
            var kind = bytes[position];
            if (kind is not ((byte)'+' or (byte)'-' or (byte)':' or (byte)'$' or (byte)'*'))
                throw new InvalidDataException($"Redis sent a reply of no kind: byte {kind:X2}.");
            var rest = bytes[(position + 1)..];
            var end = rest.IndexOf((byte)'\r');
            if (end < 0 || end + 1 == rest.Length)
                return rest.Length > LineLengthMax ? throw new InvalidDataException("Redis sent a line that does not end.") : false;
            if (rest[end + 1] != '\n')
                throw new InvalidDataException("Redis sent a line that ends within.");
            var next = position + 1 + end + 2;
            switch (kind)
            {
                case (byte)':':
                    NumberOf(rest[..end], long.MinValue, long.MaxValue);
                    break;
                case (byte)'$' when NumberOf(rest[..end], -1, BulkLengthMax) is >= 0 and var bulk:
                    next = checked(next + (int)bulk + 2);
                    LengthMin = next;
                    if (bytes.Length < next)
                        return false;
                    if (bytes[next - 2] != '\r' || bytes[next - 1] != '\n')
                        throw new InvalidDataException("Redis sent a text of another length than it told.");
                    break;
                case (byte)'*' when NumberOf(rest[..end], -1, ItemsMax) is > 0 and var count:
                    if (depth == DepthMax)
                        throw new InvalidDataException("Redis sent lists within lists beyond all bounds.");
                    remaining[depth++] = (int)count;
                    position = next;
                    continue;
            }

            position = next;
            return true;
        }

        return false;
    }

    private static long NumberOf(ReadOnlySpan<byte> line, long min, long max) =>
        Utf8Parser.TryParse(line, out long value, out var used) && used == line.Length && value >= min && value <= max
            ? value
            : throw new InvalidDataException("Redis sent a number that is none, or beyond all bounds.");

    [InlineArray(DepthMax)]
    private struct Depths
    {
        private int first;
    }
}
