using Xunit;

namespace Conformance.Models;

public class SemaphoreModelTests
{
    [Fact]
    public void AsyncSemaphore_is_as_its_picture() => Property.Holds(
        variant => new SemaphoreModel(variant % 4, variant switch { < 3 => 3, 3 => null, _ => Math.Max(1, variant % 4) }),
        (10, "acquire"), (2, "try"), (6, "release"), (1, "give"));
}
