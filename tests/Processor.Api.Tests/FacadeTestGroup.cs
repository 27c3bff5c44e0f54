using Xunit;

namespace Processor.Api.Tests;

/// <summary>Tests that share one running façade.</summary>
[CollectionDefinition(Name)]
public sealed class FacadeTestGroup : ICollectionFixture<Facade>
{
    internal const string Name = "façade";
}
