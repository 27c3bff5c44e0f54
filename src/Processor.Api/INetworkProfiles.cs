using Processor.Authorization;
using Processor.Cards;

namespace Processor.Api;

/// <summary>What the host knows of the networks that its endpoints serve; the host implements it.</summary>
public interface INetworkProfiles
{
    /// <summary>What a network is called; null for one that no endpoint serves any more.</summary>
    /// <param name="network">Number of its profile.</param>
    string? NameOf(int network);

    /// <summary>What a network hears in DE 39; null for one that no endpoint serves any more.</summary>
    /// <param name="network">Number of its profile.</param>
    /// <param name="kind">What the answer says.</param>
    /// <param name="reason">Why it is declined, where it is.</param>
    /// <param name="verifiedIsApproved">True where a good verification is told as an approval.</param>
    string? ResponseCodeOf(int network, AnswerKind kind, DeclineReason reason, bool verifiedIsApproved);
}
