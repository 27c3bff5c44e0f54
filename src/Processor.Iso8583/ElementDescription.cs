namespace Processor.Iso8583;

/// <summary>One element, or one part of an element, as it may be shown to a person.</summary>
/// <param name="Key"><c>DE2</c>, or the tag of a part such as <c>9F02</c>.</param>
/// <param name="Name">From the dialect.</param>
/// <param name="Format">From the dialect; empty for a part.</param>
/// <param name="Offset">First content byte from the start of the frame.</param>
/// <param name="Length">Content bytes.</param>
/// <param name="Value">Text, or upper-case hexadecimal for bytes; masked.</param>
/// <param name="Parts">Chip data objects, or what the dialect says the element is made of; empty for one piece.</param>
public sealed record ElementDescription(
    string Key, string Name, string Format, int Offset, int Length, string Value, IReadOnlyList<ElementDescription> Parts);
