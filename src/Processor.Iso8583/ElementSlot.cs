namespace Processor.Iso8583;

/// <summary>Where the content of an element lies in its frame.</summary>
/// <param name="Offset">First content byte; the written length stands before it.</param>
/// <param name="Bytes">Content bytes on the wire.</param>
/// <param name="Units">Digits, characters or, for <c>b</c>, bytes.</param>
internal readonly record struct ElementSlot(int Offset, int Bytes, int Units);
