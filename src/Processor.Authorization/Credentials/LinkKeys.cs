namespace Processor.Authorization;

/// <summary>The keys of a link, as the security module names them.</summary>
/// <param name="Pin">Of PIN blocks; empty for none.</param>
/// <param name="Mac">Of authentication codes; null for none.</param>
/// <param name="ZoneMaster">Under which new ones come; empty when none are taken.</param>
public sealed record LinkKeys(string Pin, MacPlan? Mac, string ZoneMaster);
