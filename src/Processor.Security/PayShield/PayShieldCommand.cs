using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using Processor.Cards;

namespace Processor.Security;

/// <summary>A command on its way: a frame in a rented buffer, which holds PANs and values and is cleared when it goes back. Prints a mask.</summary>
internal sealed class PayShieldCommand
{
    /// <summary>The longest frame that is sent.</summary>
    internal const int LengthMax = 4096;

    private readonly int headerLength;
    private byte[] buffer = ArrayPool<byte>.Shared.Rent(LengthMax);
    private int length;

    /// <param name="headerLength">Characters of the header, whose place is kept.</param>
    /// <param name="code">Two letters.</param>
    internal PayShieldCommand(int headerLength, ReadOnlySpan<byte> code)
    {
        this.headerLength = headerLength;
        length = PayShieldFrame.LengthBytes + headerLength;
        Put(code);
        Expects = (ushort)((code[0] << 8) | (code[1] + 1));
    }

    /// <summary>The code of the answer.</summary>
    internal ushort Expects { get; }

    /// <summary>All of the frame.</summary>
    internal int Length => length;

    /// <summary>Whether everything that was put found room.</summary>
    internal bool Fits { get; private set; } = true;

    /// <summary>Puts ASCII or binary bytes as they are.</summary>
    internal PayShieldCommand Put(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Take(bytes.Length));
        return this;
    }

    /// <summary>Puts a number as so many decimal digits.</summary>
    internal PayShieldCommand PutNumber(ulong number, int digits)
    {
        var target = Take(digits);
        for (var index = target.Length - 1; index >= 0; index--, number /= 10)
            target[index] = (byte)('0' + (number % 10));
        return this;
    }

    /// <summary>Puts a number as so many hexadecimal digits.</summary>
    internal PayShieldCommand PutHex(ulong number, int digits)
    {
        var target = Take(digits);
        for (var index = target.Length - 1; index >= 0; index--, number >>= 4)
            target[index] = (byte)"0123456789ABCDEF"[(int)(number & 0xF)];
        return this;
    }

    /// <summary>Puts bytes as hexadecimal digits.</summary>
    internal PayShieldCommand PutHex(ReadOnlySpan<byte> bytes)
    {
        Convert.TryToHexString(bytes, Take(bytes.Length * 2), out _);
        return this;
    }

    /// <summary>Puts a PIN block as hexadecimal digits.</summary>
    internal PayShieldCommand PutBlock(in PinBlock block)
    {
        Span<byte> bytes = stackalloc byte[16];
        return PutHex(bytes[..block.CopyTo(bytes)]);
    }

    /// <summary>Puts the digits.</summary>
    internal PayShieldCommand PutDigits(in SecretDigits digits)
    {
        Span<byte> ascii = stackalloc byte[SecretDigits.LengthMax];
        Put(ascii[..digits.CopyDigits(ascii)]);
        ascii.Clear();
        return this;
    }

    /// <summary>Puts all digits of a PAN.</summary>
    internal PayShieldCommand PutPan(Pan pan)
    {
        Span<byte> ascii = stackalloc byte[Pan.LengthMax];
        Put(ascii[..pan.CopyDigits(ascii)]);
        ascii.Clear();
        return this;
    }

    /// <summary>Puts the account field of PIN commands: the 12 rightmost digits of the PAN without its check digit, zeros before fewer.</summary>
    internal PayShieldCommand PutAccount(Pan pan)
    {
        Span<byte> ascii = stackalloc byte[Pan.LengthMax];
        ascii = ascii[..(pan.CopyDigits(ascii) - 1)];
        var target = Take(12);
        target.Fill((byte)'0');
        if (target.Length != 0)
            (ascii.Length > 12 ? ascii[^12..] : ascii).CopyTo(target[Math.Max(0, 12 - ascii.Length)..]);
        ascii.Clear();
        return this;
    }

    /// <summary>Writes the frame where it is sent from, and gives the buffer back. To be called once, and not after <see cref="Release"/>.</summary>
    internal void MoveTo(Span<byte> target, bool countsHeader, uint number)
    {
        PayShieldFrame.WriteHead(buffer.AsSpan(0, length), headerLength, countsHeader, number);
        buffer.AsSpan(0, length).CopyTo(target);
        Release();
    }

    /// <summary>Clears the buffer and gives it back. A second call does nothing.</summary>
    internal void Release()
    {
        if (Interlocked.Exchange(ref buffer, []) is { Length: > 0 } rented)
        {
            CryptographicOperations.ZeroMemory(rented.AsSpan(0, length));
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"PayShieldCommand {(char)(Expects >> 8)}{(char)((Expects & 0xFF) - 1)} ****");

    private Span<byte> Take(int count)
    {
        if (count > LengthMax - length)
        {
            Fits = false;
            return [];
        }

        length += count;
        return buffer.AsSpan(length - count, count);
    }
}
