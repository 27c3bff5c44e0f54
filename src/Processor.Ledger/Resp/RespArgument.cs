using System.Globalization;
using System.Text;

namespace Processor.Ledger;

/// <summary>A key or an argument of a command: bytes, a text as UTF-8, or a number as digits.</summary>
/// <param name="Bytes">As they go to Redis.</param>
internal readonly record struct RespArgument(ReadOnlyMemory<byte> Bytes)
{
    public static implicit operator RespArgument(byte[] bytes) => new(bytes);

    public static implicit operator RespArgument(string text) => new(Encoding.UTF8.GetBytes(text));

    public static implicit operator RespArgument(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Its length: it may be anything of an account.</summary>
    public override string ToString() => $"{Bytes.Length} bytes";
}
