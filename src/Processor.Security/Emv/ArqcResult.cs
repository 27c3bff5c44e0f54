namespace Processor.Security;

/// <summary>What became of a cryptogram.</summary>
/// <param name="Status"><see cref="HsmStatus.Ok"/> when it is right.</param>
/// <param name="Approval">Tag 91 for an approval; of length 0 when the cryptogram is wrong or none was asked for.</param>
/// <param name="Decline">Tag 91 for a decline, alike.</param>
public readonly record struct ArqcResult(HsmStatus Status, IssuerAuthentication Approval = default, IssuerAuthentication Decline = default);
