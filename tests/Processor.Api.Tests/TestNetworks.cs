using Processor.Authorization;
using Processor.Cards;

namespace Processor.Api.Tests;

/// <summary>One network, number 1, whose codes are the words.</summary>
internal sealed class TestNetworks : INetworkProfiles
{
    public string? NameOf(int network) => network == 1 ? "test-net" : null;

    public string? ResponseCodeOf(int network, AnswerKind kind, DeclineReason reason, bool verifiedIsApproved) => kind switch
    {
        AnswerKind.Declined when reason == DeclineReason.InsufficientFunds => "51",
        AnswerKind.Declined => "05",
        _ => "00",
    };
}
