using Xunit;

namespace Conformance.Models;

public class ConditionModelTests
{
    [Fact]
    public void AsyncCondition_is_as_its_picture() => Property.Holds(
        variant => new ConditionModel(depth: 1 + variant % 2),
        [(6, "sleep"), (6, "yield"), (4, "kill"), (3, "cancel")],
        leastLimit: 1,
        (12, "wait"), (6, "notify"), (1, "notifyall"), (3, "hold"));
}
