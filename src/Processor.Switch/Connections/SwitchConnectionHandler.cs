using Microsoft.AspNetCore.Connections;

namespace Processor.Switch;

/// <summary>Serves every connection of one endpoint.</summary>
public sealed class SwitchConnectionHandler(Switchboard board, Endpoint endpoint) : ConnectionHandler
{
    /// <inheritdoc/>
    public override Task OnConnectedAsync(ConnectionContext connection) => new Connection(board, endpoint, connection).RunAsync();
}
