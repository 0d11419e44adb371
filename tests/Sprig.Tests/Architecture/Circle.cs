#pragma warning disable IDE0130 // Two namespaces that use each other on purpose: what the rule about circles must find.
namespace Sprig.Tests.ArchitectureRules.CircleA
{
    internal sealed class One
    {
        internal static object Other => typeof(CircleB.Two);
    }
}

namespace Sprig.Tests.ArchitectureRules.CircleB
{
    internal sealed class Two
    {
        internal static CircleA.One? Other { get; set; }
    }
}
