from gencourse.benchmark import main

main()
