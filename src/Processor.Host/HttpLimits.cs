using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Processor.Host;

/// <summary>What one caller of the JSON façade may take. The endpoints of networks share the server and not these limits.</summary>
internal static class HttpLimits
{
    // The façade takes 64 KiB of JSON and says so itself; this stops what is far beyond it.
    private const long BodyMax = 256 * 1024;
    private const int HeadersMax = 16 * 1024;
    private const int HeaderCountMax = 64;
    private const int RequestLineMax = 4 * 1024;
    private const double BytesPerSecondMin = 240;

    private static readonly TimeSpan HeadersPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan KeepAlive = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    internal static void ApplyTo(KestrelServerLimits limits)
    {
        limits.MaxRequestBodySize = BodyMax;
        limits.MaxRequestHeadersTotalSize = HeadersMax;
        limits.MaxRequestHeaderCount = HeaderCountMax;
        limits.MaxRequestLineSize = RequestLineMax;
        limits.RequestHeadersTimeout = HeadersPatience;
        limits.KeepAliveTimeout = KeepAlive;
        limits.MinRequestBodyDataRate = new MinDataRate(BytesPerSecondMin, Grace);
        limits.MinResponseDataRate = new MinDataRate(BytesPerSecondMin, Grace);
    }
}
