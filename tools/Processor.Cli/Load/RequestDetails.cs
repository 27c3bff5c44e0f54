namespace Processor.Cli.Load;

/// <summary>What makes one generated request different from the next.</summary>
/// <param name="Kind">What it asks.</param>
/// <param name="Card">Index of the card.</param>
/// <param name="MinorUnits">DE 4.</param>
/// <param name="Stan">DE 11.</param>
/// <param name="Reference">DE 37, twelve digits; a pair shares it.</param>
/// <param name="Transmission">DE 7 as the number MMDDhhmmss; its parts are DE 13 and DE 12.</param>
/// <param name="OriginalStan">DE 11 of the purchase that this one is about; 0 for none.</param>
/// <param name="OriginalTransmission">DE 7 of the purchase that this one is about; 0 for none.</param>
/// <param name="ApprovalCode">DE 38 of the purchase that this one is about, six ASCII bytes, the first one highest; 0 for none.</param>
/// <param name="Prepared">Which of the prepared purchases it is; -1 for none.</param>
internal readonly record struct RequestDetails(
    RequestKind Kind,
    int Card,
    long MinorUnits,
    int Stan,
    long Reference,
    long Transmission,
    int OriginalStan = 0,
    long OriginalTransmission = 0,
    ulong ApprovalCode = 0,
    int Prepared = -1);
