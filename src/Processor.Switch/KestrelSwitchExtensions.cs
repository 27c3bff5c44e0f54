using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Processor.Switch;

/// <summary>Puts the endpoints of the switch on Kestrel, so that TLS, connection limits and shutdown are the framework's.</summary>
public static class KestrelSwitchExtensions
{
    /// <summary>Listens on every endpoint of the switchboard.</summary>
    public static void ListenSwitch(this KestrelServerOptions options, Switchboard board)
    {
        foreach (var endpoint in board.Endpoints)
            options.ListenSwitch(board, endpoint);
    }

    /// <summary>Listens on one endpoint.</summary>
    /// <param name="options">Kestrel's.</param>
    /// <param name="board">What all endpoints share.</param>
    /// <param name="endpoint">One of the switchboard's.</param>
    /// <param name="configure">Further middleware of the connection, such as <c>UseHttps</c> for mutual TLS; none by default.</param>
    public static void ListenSwitch(this KestrelServerOptions options, Switchboard board, Endpoint endpoint, Action<ListenOptions>? configure = null)
    {
        var handler = new SwitchConnectionHandler(board, endpoint);
        options.Listen(endpoint.Address, listen =>
        {
            configure?.Invoke(listen);
            listen.Run(handler.OnConnectedAsync);
        });
    }
}
