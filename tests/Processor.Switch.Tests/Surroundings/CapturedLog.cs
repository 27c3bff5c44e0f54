using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Processor.Switch.Tests;

/// <summary>Keeps every line, exceptions included.</summary>
internal sealed class CapturedLog : ILogger<Switchboard>
{
    public ConcurrentQueue<string> Lines { get; } = new();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Lines.Enqueue($"{eventId.Id} {formatter(state, exception)} {exception}");

    /// <summary>Lines of one event.</summary>
    public IEnumerable<string> Of(int eventId) => Lines.Where(line => line.StartsWith($"{eventId} ", StringComparison.Ordinal));
}
