using Processor.Api;
using Processor.Authorization;
using Processor.Cards;
using Processor.Switch;

namespace Processor.Host;

/// <summary>The networks of the host's endpoints.</summary>
internal sealed class EndpointNetworks(Switchboard board) : INetworkProfiles
{
    /// <inheritdoc/>
    public string? NameOf(int network) => Find(network)?.NetworkName;

    /// <inheritdoc/>
    public string? ResponseCodeOf(int network, AnswerKind kind, DeclineReason reason, bool verifiedIsApproved) =>
        Find(network)?.ResponseCodes.TextOf(kind, reason, verifiedIsApproved);

    private Switch.Endpoint? Find(int network) => board.Endpoints.FirstOrDefault(endpoint => endpoint.Network == network);
}
