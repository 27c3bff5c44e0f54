using Processor.Ledger;

namespace Processor.Authorization.Tests;

/// <summary>A message whose answer is looked at directly.</summary>
internal sealed class Question : AuthorizationOperation
{
    protected internal override void Complete(CommitOutcome outcome, FlushList flushes)
    {
    }
}
