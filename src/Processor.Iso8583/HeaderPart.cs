using System.Collections.Immutable;

namespace Processor.Iso8583;

/// <summary>One part of what a dialect has before the MTI, or behind the last element.</summary>
/// <param name="Name">For people and tools: <c>tpdu-source</c>.</param>
/// <param name="Offset">Bytes from the start of the header, or of the trailer.</param>
/// <param name="Bytes">Its length on the wire; 0 for the last part of a variable header, which takes what is left.</param>
/// <param name="Encoding">How it is written: binary, ASCII or EBCDIC.</param>
/// <param name="Role">What it is for.</param>
/// <param name="Adjust">For the two lengths: what is added to the bytes counted to give the value.</param>
/// <param name="Value">What is written when no request gives one; <paramref name="Bytes"/> long.</param>
public sealed record HeaderPart(
    string Name, int Offset, int Bytes, ContentEncoding Encoding, HeaderRole Role, int Adjust, ImmutableArray<byte> Value);
