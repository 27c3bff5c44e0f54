using Processor.Iso8583;

namespace Processor.Cli.Load;

/// <summary>Where the credentials of a message stand in its bytes; empty where there are none.</summary>
/// <param name="Track">DE 35.</param>
/// <param name="Value">The element that has the CVV2.</param>
/// <param name="Pin">DE 52.</param>
/// <param name="Icc">DE 55.</param>
internal readonly record struct CredentialPlaces(Range Track, Range Value, Range Pin, Range Icc)
{
    /// <summary>Finds them.</summary>
    public static CredentialPlaces Of(MessageLayout layout, Dialect dialect) => new(
        PlaceOf(layout, 35), dialect.VerificationValue is { } rule ? PlaceOf(layout, rule.DataElement) : default, PlaceOf(layout, 52), PlaceOf(layout, 55));

    private static Range PlaceOf(MessageLayout layout, int element) =>
        layout.Has(element) ? layout.OffsetOf(element)..(layout.OffsetOf(element) + layout.LengthOf(element)) : default;
}
