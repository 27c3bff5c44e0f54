using Processor.Ledger;

namespace Processor.Authorization.Tests;

/// <summary>A message whose answer is looked at directly.</summary>
internal sealed class Question : AuthorizationOperation
{
    /// <summary>True once its sender has been told 91.</summary>
    internal bool IsLate { get; init; }

    public override bool IsAbandoned => IsLate;

    protected internal override void Complete(CommitOutcome outcome, FlushList flushes)
    {
    }
}
